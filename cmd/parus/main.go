// Command parus reads satellite scenes and county records and decides, grower
// by grower, whether to lend and how much. This package is the command tree
// and the wiring; nothing else.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"
)

// version is set by the build.
var version = "dev"

// commands is the whole command line, to be read in a minute.
type commands struct {
	Season struct {
		Run   runCmd   `cmd:"" help:"Run a county's season: from scenes, parcels and records to decisions and a report."`
		Clean cleanCmd `cmd:"" help:"Remove the cache of a run (its public files stay)."`
	} `cmd:"" help:"The batch."`
	Import  importCmd  `cmd:"" help:"Bring a feed of the county into its store: every row is checked, the good are kept, the bad listed with advice."`
	Observe observeCmd `cmd:"" help:"Take the statistics of any polygons in any scenes: a catalog and a vector file in, Parquet out."`
	Parcels struct {
		Delineate delineateCmd    `cmd:"" help:"Propose field polygons for unmapped land from a season's scenes, for a person to confirm."`
		Score     parcelsScoreCmd `cmd:"" help:"Score polygons against reference polygons of the same land."`
	} `cmd:"" help:"Land."`
	Scenes struct {
		List    scenesListCmd  `cmd:"" help:"Show which scenes of a catalog a season would use and why others are left out."`
		Index   scenesIndexCmd `cmd:"" help:"Make a folder of SAFE products or GeoTIFFs ready: convert what is slow to read, write a STAC catalog."`
		Picture pictureCmd     `cmd:"" help:"Draw a scene as a PNG picture."`
	} `cmd:"" help:"Imagery: what there is, and making it ready."`
	Publish      publishCmd `cmd:"" help:"Load a finished run into the service's PostGIS database: all of it or nothing, and the same run only once."`
	Report       reportCmd  `cmd:"" help:"Write the report of a run again, or one grower's sheet."`
	Replay       replayCmd  `cmd:"" help:"Make a decision of a run again from what the run stored, or a whole season by another credit policy."`
	CreditPolicy struct {
		Check    policyCheckCmd    `cmd:"" help:"Check a credit policy file: every mistake with its line, and whether it is released."`
		Diff     policyDiffCmd     `cmd:"" help:"Show the values in which two credit policy files differ."`
		Explain  policyExplainCmd  `cmd:"" help:"Show every value that holds for a county, season, industry and kind of grower, and where it stands."`
		Simulate policySimulateCmd `cmd:"" help:"Show how many decisions and how much money of a run a changed file would move."`
	} `cmd:"" help:"The credit policy: rules, prices, caps and scorecards that a county can change."`
	Scorecard scorecardCmd `cmd:"" help:"Scorecards: training one on past loans."`
	Sample    struct {
		County  sampleCountyCmd  `cmd:"" help:"Make a county with imagery, records and planted faults, to try Parus on."`
		Records sampleRecordsCmd `cmd:"" help:"Make county records for parcels and imagery of your own."`
	} `cmd:"" help:"Made-up input in the formats of real input."`
	Task struct {
		Run taskRunCmd `cmd:"" help:"Run one task of a season from its JSON form (- reads standard input)."`
	} `cmd:"" hidden:"" help:"Single tasks of a season, for many machines."`
	Models  modelsCmd        `cmd:"" help:"The models: what they are, whether they are whole, and running them on tables of your own."`
	Demo    demoCmd          `cmd:"" help:"Try the service with its map: a made-up county, a private database, people of every role; Ctrl-C ends all of it."`
	Serve   serveCmd         `cmd:"" help:"Answer questions about published runs over HTTP (OpenAPI)."`
	Member  memberCmd        `cmd:"" help:"Who may ask the service, and as what."`
	Audit   auditCmd         `cmd:"" help:"The service's audit log."`
	Doctor  doctorCmd        `cmd:"" help:"Say what of Parus works on this machine and what is lost without the rest."`
	Version kong.VersionFlag `help:"Print the version."`
}

const description = `Parus judges farm land from Sentinel scenes, checks it against county records, and decides: may we lend, and how much.

  parus sample county --out county          make a county to try it on
  parus season run county/county.toml --out run
  xdg-open run/report.html                  read the decisions and why
  parus demo                                the same county as a service with a map

Exit codes: 0 done, 1 failed, 2 wrong command line, 130 stopped by Ctrl-C (run again; a season goes on where it stopped).`

func main() { os.Exit(run(os.Args[1:])) }

func run(args []string) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	var c commands
	parser, err := kong.New(&c, kong.Name("parus"), kong.Description(description), kong.Vars{"version": version},
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, NoExpandSubcommands: false}), kong.BindTo(ctx, (*context.Context)(nil)))
	if err != nil {
		fmt.Fprintln(os.Stderr, "parus:", err)
		return 1
	}
	k, err := parser.Parse(args)
	if err != nil {
		fmt.Fprintf(os.Stderr, "parus: %v\nTry `parus --help`.\n", err)
		return 2
	}
	err = k.Run(ctx)
	switch {
	case errors.Is(err, errNothingKept):
		fmt.Fprintln(os.Stderr, "parus: stopped;", errNothingKept)
		return 130
	case ctx.Err() != nil:
		fmt.Fprintln(os.Stderr, "parus: stopped; what was done is kept, the same command goes on from there")
		return 130
	case errors.Is(err, errUsage):
		fmt.Fprintln(os.Stderr, "parus:", err)
		return 2
	case err != nil:
		fmt.Fprintln(os.Stderr, "parus:", err)
		return 1
	}
	return 0
}

var errUsage = errors.New("wrong command line")
