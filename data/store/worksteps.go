package store

import "slices"

// Step is what may be done to an application: which act leads from which state
// to which, by whom. Not by one who ever did an act of NotBy on it; Why = only
// with a reason. parus.step holds the same table, by which the database itself
// refuses; a test compares the two.
type Step struct {
	From, Act, To string
	Roles, NotBy  []string
	Why           bool
}

// Steps of an application. Where one act leads to two states the database
// chooses: an approval above the county's threshold, or one that differs from
// the machine's decision, needs a second person, and so does refusing what the
// machine admitted.
var Steps = []Step{
	{"", "apply", "survey", officers, nil, false},
	{"survey", "survey", "survey", officers, nil, false},
	{"survey", "surveyed", "review", officers, nil, false},
	{"review", "review", "approval", []string{"officer", "approver"}, []string{"apply", "survey"}, false},
	{"review", "send_back", "survey", []string{"officer", "approver"}, nil, true},
	{"approval", "approve", "active", approvers, makers, false},
	{"approval", "approve", "second", approvers, makers, false},
	{"approval", "refuse", "refused", approvers, makers, true},
	{"approval", "refuse", "refusing", approvers, makers, true},
	{"approval", "send_back", "survey", approvers, nil, true},
	{"second", "approve", "active", approvers, append(slices.Clone(makers), "approve"), false},
	{"second", "refuse", "refused", approvers, makers, true},
	{"second", "send_back", "survey", approvers, nil, true},
	{"refusing", "refuse", "refused", approvers, append(slices.Clone(makers), "refuse"), true},
	{"refusing", "send_back", "survey", approvers, nil, true},
	{"survey", "withdraw", "withdrawn", officers, nil, true},
	{"review", "withdraw", "withdrawn", officers, nil, true},
	{"approval", "withdraw", "withdrawn", officers, nil, true},
	{"second", "withdraw", "withdrawn", officers, nil, true},
	{"refused", "reopen", "review", approvers, []string{"apply", "survey", "review", "approve", "send_back", "refuse"}, true},
	{"active", "freeze", "frozen", lenders, nil, true},
	{"frozen", "thaw", "active", approvers, []string{"freeze"}, true},
	{"active", "close", "closed", lenders, nil, false},
	{"frozen", "close", "closed", lenders, nil, false},
}

var (
	officers  = []string{"officer"}
	approvers = []string{"approver", "risk_manager"}
	lenders   = []string{"officer", "approver", "risk_manager"}
	makers    = []string{"apply", "survey", "review"}
)

// TaskKind is a kind of task: who may take one, within how many hours it should
// be done, and in which states an application has one open by itself.
type TaskKind struct {
	Kind   string
	Roles  []string
	Hours  int
	States []string
}

// TaskKinds are all kinds; parus.task_kind holds the same.
var TaskKinds = []TaskKind{
	{"survey", officers, 72, []string{"survey"}},
	{"review", []string{"officer", "approver"}, 48, []string{"review"}},
	{"approval", approvers, 24, []string{"approval"}},
	{"second", approvers, 24, []string{"second", "refusing"}},
	{"human_review", approvers, 360, nil},
	{"relief", approvers, 120, nil},
	{"monitor", []string{"officer", "risk_manager"}, 120, nil},
	{"collect", []string{"officer", "risk_manager"}, 48, nil},
}

// byThemselves are acts that come with a survey or a review, not by name.
var byThemselves = []string{"apply", "survey", "surveyed", "reopen"}

// actsOf are the acts that somebody of the role, who did these acts before, may
// do now, and those that his role has but his own part in it bars.
func actsOf(state, role string, did []string) (may, barred []string) {
	for _, s := range Steps {
		if s.From != state || !slices.Contains(s.Roles, role) || slices.Contains(byThemselves, s.Act) || slices.Contains(may, s.Act) || slices.Contains(barred, s.Act) {
			continue
		}
		if slices.ContainsFunc(did, func(act string) bool { return slices.Contains(s.NotBy, act) }) {
			barred = append(barred, s.Act)
		} else {
			may = append(may, s.Act)
		}
	}
	return may, barred
}
