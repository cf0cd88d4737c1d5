// Command rejudge decides stored evidence (standard input) again and prints the
// findings and decisions. The tests build it for several processors.
package main

import (
	"encoding/json"
	"fmt"
	"os"

	"github.com/parus-lending/parus/scoring"
)

func main() {
	s, err := scoring.ReadStored(os.Stdin)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	cp, err := scoring.ParseCreditPolicy([]byte(s.CreditPolicy))
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	findings, decisions := scoring.Judge(s.Evidence, cp)
	enc := json.NewEncoder(os.Stdout)
	if enc.Encode(findings) != nil || enc.Encode(decisions) != nil {
		os.Exit(1)
	}
}
