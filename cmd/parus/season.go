package main

import (
	"context"
	"fmt"
	"io"
	"os"

	"github.com/parus-lending/parus/data/rundir"
	"github.com/parus-lending/parus/models/ort"
	"github.com/parus-lending/parus/parcels"
	"github.com/parus-lending/parus/season"
)

// runtimeFlags choose what runs the networks.
type runtimeFlags struct {
	Runtime string `enum:"auto,onnx-go,onnxruntime" default:"auto" help:"What runs the networks: onnxruntime (found through PARUS_ORT_LIB, beside the binary, or in the user's cache folder), onnx-go (pure Go, crop-small only), or auto: the first that is there."`
}

// lib is the library of ONNX Runtime, empty for pure Go.
func (f runtimeFlags) lib() (string, error) {
	if f.Runtime == "onnx-go" {
		return "", nil
	}
	path, err := ort.Find()
	if err != nil && f.Runtime == "auto" {
		return "", nil
	}
	return path, err
}

type runCmd struct {
	County  string `arg:"" type:"existingfile" help:"The county file (county.toml)."`
	Out     string `required:"" type:"path" help:"Folder of the run; made if missing. The same folder again continues or costs nothing."`
	AsOf    string `help:"Decide as on this day (2024-07-15): nothing known later enters. Default: the county file's, else the newest scene's."`
	ID      string `help:"Property of the parcels file that holds the parcel's ID."`
	Models  string `type:"existingdir" env:"PARUS_MODELS" placeholder:"DIR" help:"Folder with the cloud network (parus models add). Default: the county file's models.folder; without one, the scene classification and time vote alone."`
	Draft   bool   `help:"Decide by a credit policy that no second person has released yet; the run says so."`
	Workers int    `help:"Tasks at once. Default: one per core."`
	Log     string `enum:"text,json" default:"text" help:"How progress is told where there is no terminal: text or json."`
	runtimeFlags
}

func (c *runCmd) Run(ctx context.Context) error {
	opt := season.Options{Draft: c.Draft, Out: c.Out, Workers: c.Workers, IDField: c.ID, Models: c.Models, Code: version}
	if c.AsOf != "" {
		day, err := parcels.ParseDate(c.AsOf)
		if err != nil {
			return fmt.Errorf("%w: --as-of %v", errUsage, err)
		}
		opt.AsOf = day
	}
	var err error
	if opt.OrtLib, err = c.lib(); err != nil {
		return err
	}
	out := newProgress(os.Stderr, c.Log)
	opt.Progress = out
	info, err := season.Run(ctx, c.County, opt)
	out.end()
	if err != nil {
		return err
	}
	return summarise(os.Stdout, c.Out, info)
}

// summarise prints what an operator wants to know first.
func summarise(w io.Writer, dir string, info rundir.Info) error {
	ds, err := rundir.ReadDecisions(dir)
	if err != nil {
		return err
	}
	n, sum := map[string]int{}, int64(0)
	for _, d := range ds {
		n[d.Outcome]++
		if d.Outcome == "admit" {
			sum += d.LimitFen
		}
	}
	fmt.Fprintf(w, "%s, season %s, as of %s: %d parcels, %d plots, %d scenes\n", info.Name, info.Season, info.AsOf,
		info.Counts["parcels"], info.Counts["plots"], info.Counts["scenes"])
	fmt.Fprintf(w, "%d growers: %d admitted for ¥%s in all, %d referred to a person, %d declined, %d not assessable\n",
		len(ds), n["admit"], yuan(sum), n["refer"], n["decline"], n["not_assessable"])
	if sky, observe := info.Seconds["cloud"], info.Seconds["observe"]; sky > 0 && observe > 0 {
		fmt.Fprintf(w, "Cloud network: asked of %d of %d looks on which SCL and time disagree, %d squares, %.1f s: %.0f %% of the time of observing\n",
			info.Counts["looks_asked"], info.Counts["looks_disputed"], info.Counts["squares_asked"], sky, 100*sky/observe)
	}
	fmt.Fprintf(w, "%d findings, %d warnings\n", info.Counts["findings"], len(info.Warnings))
	fmt.Fprintf(w, "Report: %s/%s\n", dir, rundir.ReportFile)
	return nil
}

// yuan shows fen with thousands separated.
func yuan(fen int64) string {
	s := fmt.Sprint(fen / 100)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

type cleanCmd struct {
	Run_ string `arg:"" name:"run" type:"existingdir" help:"Folder of a run."`
}

func (c *cleanCmd) Run() error {
	freed, err := season.Clean(c.Run_)
	if err != nil {
		return err
	}
	fmt.Printf("Removed the cache of %s: %.1f MB\n", c.Run_, float64(freed)/1e6)
	return nil
}

type taskRunCmd struct {
	Task   string `arg:"" help:"File with the task's JSON, or -."`
	Out    string `required:"" type:"existingdir" help:"Folder of the run."`
	Models string `type:"existingdir" env:"PARUS_MODELS" placeholder:"DIR" help:"Folder with the cloud network, where the task asks it."`
	runtimeFlags
}

func (c *taskRunCmd) Run(ctx context.Context) error {
	var b []byte
	var err error
	if c.Task == "-" {
		b, err = io.ReadAll(os.Stdin)
	} else {
		b, err = os.ReadFile(c.Task)
	}
	if err != nil {
		return err
	}
	lib, err := c.lib()
	if err != nil {
		return err
	}
	return season.RunTask(ctx, b, season.Options{Out: c.Out, OrtLib: lib, Models: c.Models, Code: version})
}
