package scoring

import "github.com/parus-lending/parus/parcels"

// peopleCases of the checks of who somebody is and of his papers. anna and bert
// are on the roster, olga is not.
func peopleCases() []checkCase {
	listed := func(who, list string, on bool, at string) func(*CountyEvidence) {
		return func(e *CountyEvidence) {
			e.Records.Lists = append(e.Records.Lists, ListEntry{Provenance: rec("lists.csv:" + at), GrowerID: who, List: list, Listed: on, Day: day(at)})
		}
	}
	member := func(who, note, born string) func(*CountyEvidence) {
		return func(e *CountyEvidence) {
			p := Person{Provenance: rec("members.csv:2"), GrowerID: who, HouseholdID: "anna", Kind: "person", Note: note}
			if born != "" {
				p.Born = day(born)
			}
			e.Records.People = append(e.Records.People, p)
		}
	}
	both := func(fs ...func(*CountyEvidence)) func(*CountyEvidence) {
		return func(e *CountyEvidence) {
			for _, f := range fs {
				f(e)
			}
		}
	}
	paper := func(id, contract, who, status string) func(*CountyEvidence) {
		return func(e *CountyEvidence) {
			e.Records.Certificates = append(e.Records.Certificates, Certificate{Provenance: rec("certificates.csv:" + id), CertificateID: id, ContractID: contract, GrowerID: who, Issued: day("2015-05-01"), Status: status})
		}
	}
	return []checkCase{
		{"PERSON_DECEASED", "on the list of the dead", listed("anna", "deceased", true, "2023-08-01"), "anna//PERSON_DECEASED"},
		{"PERSON_DECEASED", "deceased by the registry", member("anna", "deceased", ""), "anna//PERSON_DECEASED"},
		{"PERSON_DECEASED", "his wife is dead", member("wife", "deceased", ""), ""},
		{"PERSON_DECEASED", "looked up and not dead", listed("anna", "deceased", false, "2023-08-01"), ""},
		{"PERSON_DECEASED", "dead, and applies for nothing", listed("olga", "deceased", true, "2023-08-01"), ""},

		// 18 years after 1 June 2006 is 1 June 2024; as-of is 20 May 2024.
		{"PERSON_MINOR", "of age in twelve days", member("anna", "", "2006-06-01"), "anna//PERSON_MINOR"},
		{"PERSON_MINOR", "of age on as-of", member("anna", "", "2006-05-20"), ""},
		{"PERSON_MINOR", "his child is a minor", member("child", "", "2020-01-01"), ""},

		{"COURT_LISTED", "on the court's list", listed("bert", "court", true, "2023-08-01"), "bert//COURT_LISTED"},
		{"COURT_LISTED", "struck off since", both(listed("bert", "court", true, "2023-08-01"), listed("bert", "court", false, "2024-02-01")), ""},
		{"COURT_LISTED", "back on it", both(listed("bert", "court", false, "2023-08-01"), listed("bert", "court", true, "2024-02-01")), "bert//COURT_LISTED"},

		{"TAX_LISTED", "on the tax office's list", listed("bert", "tax", true, "2023-08-01"), "bert//TAX_LISTED"},
		{"TAX_LISTED", "on a list of the county's own", listed("bert", "model farmers", true, "2023-08-01"), ""},

		{"CERTIFICATE_NOT_VALID", "cancelled", paper("q1", "c1", "anna", "cancelled"), "anna/p1/CERTIFICATE_NOT_VALID"},
		{"CERTIFICATE_NOT_VALID", "cancelled, another stands", both(paper("q1", "c1", "anna", "cancelled"), paper("q2", "c1", "anna", "valid")), ""},
		{"CERTIFICATE_NOT_VALID", "replaced, the new one not yet sent", paper("q1", "c1", "anna", "replaced"), ""},
		{"CERTIFICATE_NOT_VALID", "cancelled, the land is leased out", both(paper("q1", "c1", "anna", "cancelled"), func(e *CountyEvidence) {
			e.Farmers["p1"] = parcels.Farmer{ParcelID: "p1", GrowerID: "zoe", OwnerID: "anna", Leased: true}
		}), ""},
	}
}
