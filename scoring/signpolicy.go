package scoring

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// signKeys are what a release writes into a credit policy file.
var signKeys = []string{"author", "approved_by", "approved_on"}

// SignCreditPolicy writes into a credit policy file who wrote it and who released
// it on which day; all else stays, comments too. A file that is no credit policy,
// and one person who is both, are errors.
func SignCreditPolicy(file []byte, author, approvedBy string, day Date) ([]byte, error) {
	if _, err := ParseCreditPolicy(file); err != nil {
		return nil, err
	}
	var out []string
	signed, begun, open := false, false, 0 // signed; a table has begun; brackets open
	for line := range strings.SplitSeq(string(file), "\n") {
		text := strings.TrimSpace(line)
		if begun = begun || open == 0 && strings.HasPrefix(text, "["); begun || open > 0 {
			open += depth(text)
			out = append(out, line)
			continue
		}
		key, value, isKey := strings.Cut(before(text, "#"), "=")
		key = strings.TrimSpace(key)
		if isKey && isSign(key) {
			continue // what stood there before
		}
		if out = append(out, line); isKey {
			open = depth(value)
		}
		if key == "id" {
			signed = true
			for i, v := range []string{author, approvedBy, day.String()} {
				out = append(out, signKeys[i]+" = "+strconv.Quote(v))
			}
		}
	}
	if !signed {
		return nil, errors.New("sign the credit policy: id must stand on a line of its own before the first table")
	}
	signedFile := []byte(strings.Join(out, "\n"))
	cp, err := ParseCreditPolicy(signedFile)
	if err == nil {
		err = cp.Released()
	}
	if err != nil {
		return nil, fmt.Errorf("sign the credit policy: %w", err)
	}
	changes, err := DiffCreditPolicies(file, signedFile)
	if err != nil {
		return nil, fmt.Errorf("sign the credit policy: %w", err)
	}
	for _, c := range changes {
		if !isSign(c.Path) {
			return nil, fmt.Errorf("sign the credit policy: %s would change too: write author, approved_by and approved_on on lines of their own, or leave them out", c.Path)
		}
	}
	return signedFile, nil
}

func isSign(key string) bool {
	return key == signKeys[0] || key == signKeys[1] || key == signKeys[2]
}
