package api

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/gin-gonic/gin"
)

// mostText is how long a value in an address may be.
const mostText = 200

// wellFormed refuses values in the address that no name or number here can have,
// before anything is done with them.
func wellFormed(c *gin.Context) {
	refuse := func(name, value string) bool {
		why := ""
		switch {
		case !utf8.ValidString(value) || strings.ContainsFunc(value, unicode.IsControl):
			why = "control characters or broken UTF-8"
		case utf8.RuneCountInString(value) > mostText:
			why = fmt.Sprintf("more than %d characters", mostText)
		case name == "county" && !sixDigits(value):
			why = "not six digits (GB/T 2260)"
		}
		if why != "" {
			fail(c, http.StatusBadRequest, "bad-question", "the question does not fit the contract", name+": "+why)
		}
		return why != ""
	}
	for _, p := range c.Params {
		if refuse(p.Key, p.Value) {
			return
		}
	}
	for name, values := range c.Request.URL.Query() {
		for _, v := range values {
			if refuse(name, v) {
				return
			}
		}
	}
}

func sixDigits(s string) bool {
	return len(s) == 6 && !strings.ContainsFunc(s, func(r rune) bool { return r < '0' || r > '9' })
}

// question reads a body of JSON, with no field that the contract lacks.
func question(c *gin.Context, into any) error {
	d := json.NewDecoder(c.Request.Body)
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		return fmt.Errorf("%w: %w", errQuestion, err)
	}
	if d.More() {
		return fmt.Errorf("%w: more than one value", errQuestion)
	}
	return nil
}

// plain refuses a text that no name or key can have.
func plain(name, text string) error {
	if !utf8.ValidString(text) || strings.ContainsFunc(text, unicode.IsControl) {
		return fmt.Errorf("%w: %s: control characters or broken UTF-8", errQuestion, name)
	}
	return nil
}

// inLength checks a text of a body against the contract, in characters.
func inLength(name, text string, least, most int) error {
	if n := utf8.RuneCountInString(text); n < least || n > most {
		return fmt.Errorf("%w: %s has %d characters, %d to %d are wanted", errQuestion, name, n, least, most)
	}
	return nil
}
