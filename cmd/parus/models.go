package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"text/tabwriter"

	"github.com/parus-lending/parus/models"
	"github.com/parus-lending/parus/models/onnxgo"
	"github.com/parus-lending/parus/models/ort"
	"github.com/parus-lending/parus/season/trial"
)

type modelsCmd struct {
	List    modelsListCmd    `cmd:"" help:"List the models: version, task, where they run, what they are approved for."`
	Show    modelsShowCmd    `cmd:"" help:"Show a model's card: inputs, classes, training data, figures, known failures."`
	Verify  modelsVerifyCmd  `cmd:"" help:"Hold models to their cards: checksums, operators, test vectors, both runtimes."`
	Run     modelsRunCmd     `cmd:"" help:"Run a model on a table of your own (CSV or Parquet)."`
	Eval    modelsEvalCmd    `cmd:"" help:"Measure crop models on labelled tables: every figure of their cards, or figures of a region of your own."`
	Compare modelsCompareCmd `cmd:"" help:"Two crop models side by side on a labelled table."`
	Add     modelsAddCmd     `cmd:"" help:"Add the cloud network of ukis-csmask to a models folder."`
}

// Help is shown by `parus models --help`.
func (modelsCmd) Help() string {
	return `A model is an ONNX file with its card. The shipped ones are inside the program; your own lie in a folder: --models DIR.

  parus models list
  parus models show crop
  parus models run lai --in spectra.csv --out lai.csv
  parus models run crop --in series.csv --out crops.csv
  parus models eval crop --in labelled.csv`
}

// modelFlags find the models and what runs them.
type modelFlags struct {
	Models string `type:"existingdir" placeholder:"DIR" help:"Folder with models of your own (NAME.json beside NAME.onnx). They stand beside the shipped ones and before those of the same name."`
	runtimeFlags
}

func (f modelFlags) registry() (*models.Registry, error) {
	shipped, err := models.Shipped()
	if err != nil || f.Models == "" {
		return shipped, err
	}
	own, err := models.OpenFolder(f.Models)
	if err != nil {
		return nil, err
	}
	return own.Over(shipped), nil
}

// open finds the models and starts the runtimes that were asked for.
func (f modelFlags) open() (trial.Models, error) {
	reg, err := f.registry()
	if err != nil {
		return trial.Models{}, err
	}
	m := trial.Models{Registry: reg}
	lib, err := ort.Find()
	switch {
	case f.Runtime == "onnx-go":
		m.Missing = errors.New("--runtime onnx-go was asked for")
	case err != nil && f.Runtime == "onnxruntime":
		return m, fmt.Errorf("--runtime onnxruntime: %w. `make setup` fetches the library, or set PARUS_ORT_LIB to libonnxruntime.so.1 (1.30)", err)
	case err != nil:
		m.Missing = err
	default:
		rt, err := ort.New(lib)
		if err != nil {
			return m, fmt.Errorf("%w; `parus doctor` shows what is found, --runtime onnx-go does without", err)
		}
		m.Runtimes = append(m.Runtimes, rt)
	}
	if f.Runtime != "onnxruntime" {
		m.Runtimes = append(m.Runtimes, onnxgo.New())
	}
	return m, nil
}

type modelsListCmd struct {
	Models string `type:"existingdir" placeholder:"DIR" help:"Folder with models of your own."`
	JSON   bool   `help:"Print the cards as JSON."`
}

func (c *modelsListCmd) Run() error {
	reg, err := modelFlags{Models: c.Models}.registry()
	if err != nil {
		return err
	}
	var cards []*models.Card
	for _, name := range reg.Names() {
		card, err := reg.Card(name)
		if err != nil {
			return err
		}
		cards = append(cards, card)
	}
	if c.JSON {
		return writeJSON(os.Stdout, cards)
	}
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "NAME\tVERSION\tTASK\tRUNS IN\tGIVES\tTESTED\tAPPROVED\tFROM")
	for _, card := range cards {
		approved := card.Approved
		if approved == "" {
			approved = "no"
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n", card.Name, card.Version, card.Task, strings.Join(card.Runtimes, ", "), gives(card), card.Tested, approved, reg.From(card.Name))
	}
	return w.Flush()
}

// gives says what a model answers, in a few words.
func gives(c *models.Card) string {
	if len(c.Classes) > 0 {
		return fmt.Sprintf("%d classes, %d in service", len(c.Classes), len(c.InService))
	}
	var out []string
	for _, v := range c.Outputs {
		out = append(out, v.Name+" "+v.Unit)
	}
	return strings.Join(out, ", ")
}

type modelsVerifyCmd struct {
	Name []string `arg:"" optional:"" help:"The models. Default: all."`
	modelFlags
}

// Help is shown by `parus models verify --help`.
func (modelsVerifyCmd) Help() string {
	return `Checks of each model that its file has the checksum of its card and uses only the operators that the card lists; that it opens in each runtime the card names;
that its test vectors give the wanted answers; and that the runtimes agree within a hundred-thousandth of the output's range. Exit code 1 where anything fails.`
}

func (c *modelsVerifyCmd) Run(ctx context.Context) error {
	m, err := c.open()
	if err != nil {
		return err
	}
	names := c.Name
	if len(names) == 0 {
		names = m.Registry.Names()
	}
	failed := 0
	for _, name := range names {
		found, err := m.Verify(ctx, name)
		if err != nil {
			return err
		}
		for _, f := range found {
			fmt.Printf("%-4s  %s, %s: %s\n", f.State, name, f.What, f.Detail)
			if f.State == trial.Failed {
				failed++
			}
		}
	}
	if failed > 0 {
		return fmt.Errorf("%d checks failed", failed)
	}
	return nil
}

type modelsRunCmd struct {
	Name string `arg:"" help:"The model: crop, crop-small, crop-ndvi, lai, fapar, fcover, lai-cab, lai-cw, or one of your own."`
	In   string `required:"" type:"existingfile" placeholder:"FILE" help:"The table, CSV or Parquet."`
	Out  string `required:"" type:"path" placeholder:"FILE" help:"Where the answers go: a name that ends in .csv or .parquet. Rows that could not be used are listed beside it in NAME.rejects.csv."`
	modelFlags
}

// Help is shown by `parus models run --help`.
func (modelsRunCmd) Help() string {
	return `Growth (lai, fapar, fcover, lai-cab, lai-cw): one row per observation. Columns, in any order and case:
  B03 B04 B05 B06 B07 B8A B11 B12   reflectance, 0–1
  cos_view_zenith cos_sun_zenith cos_relative_azimuth   or the angles in degrees as view_zenith sun_zenith relative_azimuth
Every row comes back with all its columns, the value (empty beyond the tolerance), and input_out_of_domain, output_clamped, output_too_low, output_too_high.

Crops (crop, crop-small, crop-ndvi): one row per place and date.
  id, date (2024-05-31)
  B02 B03 B04 B05 B06 B07 B08 B8A B11 B12   reflectance, 0–1; empty = not observed; B8A may be left out
  vv vh     optional, Sentinel-1 in dB
  lat lon   optional, degrees; they only turn the year of the south
  ndvi      in place of the bands, for crop-ndvi alone
One row per id comes back: id, crop, assessable, reason, p_CLASS for each class, familiarity. crop is filled even where assessable is false.
Give a whole year or what there is of it so far. A table whose rows of one id stand together is read in a stream, whatever its size.

  parus models run crop --in series.parquet --out crops.csv
  parus models run lai --in pixels.csv --out lai.parquet --runtime onnx-go

Exit code 1 where no row could be used.`
}

func (c *modelsRunCmd) Run(ctx context.Context) error {
	if err := apartFrom(c.In, c.Out); err != nil {
		return err
	}
	m, err := c.open()
	if err != nil {
		return err
	}
	sum, err := m.Run(ctx, trial.RunOptions{Model: c.Name, In: c.In, Out: c.Out})
	if err != nil {
		if ctx.Err() != nil {
			return errNothingKept
		}
		return err
	}
	summariseTrial(os.Stderr, c.Out, sum)
	if sum.Rows > 0 && sum.Rejected >= sum.Rows {
		return fmt.Errorf("none of the %d rows of %s could be used; the first: %s", sum.Rows, c.In, sum.FirstReject)
	}
	return nil
}

func summariseTrial(w io.Writer, out string, sum *trial.Summary) {
	fmt.Fprintf(w, "%s in %s: %d rows read, %d answers in %s\n", sum.Model, sum.Runtime, sum.Rows, sum.Answers, out)
	var codes []string
	for code, n := range sum.Reasons {
		codes = append(codes, fmt.Sprintf("%s %d", code, n))
	}
	if sort.Strings(codes); len(codes) > 0 {
		fmt.Fprintf(w, "Of them: %s\n", strings.Join(codes, ", "))
	}
	if sum.Rejected > 0 {
		fmt.Fprintf(w, "%d rejects, listed in %s; the first: %s\n", sum.Rejected, sum.Rejects, sum.FirstReject)
	}
	for i, l := range sum.Lost {
		if i == 10 {
			fmt.Fprintf(w, "Warning: %d more batches were lost\n", len(sum.Lost)-i)
			break
		}
		fmt.Fprintln(w, "Warning:", l)
	}
}

// apartFrom refuses an --out that is the --in, or that lies nowhere.
func apartFrom(in, out string) error {
	x, err := os.Stat(in)
	if err != nil {
		return err
	}
	if y, err := os.Stat(out); err == nil && os.SameFile(x, y) {
		return fmt.Errorf("%w: --out is the same file as --in", errUsage)
	}
	if _, err := os.Stat(filepath.Dir(out)); err != nil {
		return fmt.Errorf("%w: --out %s: its folder does not exist", errUsage, out)
	}
	return nil
}

func writeJSON(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetIndent("", " ")
	enc.SetEscapeHTML(false)
	return enc.Encode(v)
}
