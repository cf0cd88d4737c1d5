package main

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/term"

	"github.com/parus-lending/parus/api"
	"github.com/parus-lending/parus/api/devid"
	"github.com/parus-lending/parus/data/cluster"
	"github.com/parus-lending/parus/data/identity"
	"github.com/parus-lending/parus/data/rundir"
	"github.com/parus-lending/parus/data/store"
)

type demoCmd struct {
	Listen string `default:"127.0.0.1:0" help:"Where to answer; 0 = a free port. It has no passwords: keep it on this machine."`
	Folder string `type:"path" help:"Where the county, its run and the database lie. Default: the user's cache folder."`
	Fresh  bool   `help:"Make all of it anew."`
	NoOpen bool   `help:"Do not open a browser."`
}

// What the demonstration keeps in its folder, and its database and login.
const (
	demoDatabase = "demo"
	demoLogin    = "parus_demo"
	demoClient   = "parus"
)

// Run makes what is missing, serves it until Ctrl-C, and leaves nothing running.
func (c *demoCmd) Run(ctx context.Context) (err error) {
	database, err := cluster.Folder()
	if err != nil {
		return err
	}
	if c.Folder != "" {
		database = filepath.Join(c.Folder, "postgresql")
	}
	d := demo{folder: filepath.Dir(database)}
	if err := os.MkdirAll(d.folder, 0o711); err != nil { // the postgres user passes through
		return fmt.Errorf("make the demonstration's folder: %w", err)
	}
	db, err := cluster.Start(ctx, database)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Stop()) }()
	if c.Fresh {
		if err := d.forget(ctx, db); err != nil {
			return err
		}
	}
	if err := d.publish(ctx, db); err != nil {
		return err
	}
	l, err := net.Listen("tcp", c.Listen)
	if err != nil {
		return fmt.Errorf("listen on %s: %w", c.Listen, err)
	}
	return d.serve(ctx, l, db, !c.NoOpen)
}

// demo is the demonstration's folder.
type demo struct{ folder string }

func (d demo) county() string    { return filepath.Join(d.folder, "county") }
func (d demo) run() string       { return filepath.Join(d.folder, "run") }
func (d demo) midseason() string { return filepath.Join(d.folder, "run-july") }
func (d demo) seal() string      { return filepath.Join(d.folder, "seal.key") }
func (d demo) heads() string     { return filepath.Join(d.folder, "audit.heads") }

// forget takes away what was made, but for the server's own files.
func (d demo) forget(ctx context.Context, db *cluster.Cluster) error {
	if err := db.Drop(ctx, demoDatabase); err != nil {
		return err
	}
	for _, path := range []string{d.county(), d.run(), d.midseason(), d.seal(), d.heads()} {
		if err := os.RemoveAll(path); err != nil {
			return err
		}
	}
	return nil
}

// publish brings two runs of the county into the database, one in mid-season and
// one after the harvest, making on its way what is not there yet.
func (d demo) publish(ctx context.Context, db *cluster.Cluster) error {
	if _, err := os.Stat(d.county()); errors.Is(err, fs.ErrNotExist) {
		half := d.county() + ".half"
		if err := os.RemoveAll(half); err != nil {
			return err
		}
		if err := (&sampleCountyCmd{Out: half, Seed: 1, Parcels: 200, Scenes: 24}).Run(ctx); err != nil {
			return err
		}
		if err := os.Rename(half, d.county()); err != nil {
			return err
		}
	}
	for _, r := range [][2]string{{d.midseason(), "2024-07-15"}, {d.run(), ""}} {
		run := runCmd{County: filepath.Join(d.county(), "county.toml"), Out: r[0], AsOf: r[1], Log: "text", runtimeFlags: runtimeFlags{"auto"}}
		if err := run.Run(ctx); err != nil {
			return err
		}
	}
	if _, err := os.Stat(d.seal()); errors.Is(err, fs.ErrNotExist) {
		key := make([]byte, 32)
		rand.Read(key)
		if err := os.WriteFile(d.seal(), []byte(hex.EncodeToString(key)+"\n"), 0o600); err != nil {
			return fmt.Errorf("make the key that seals personal data: %w", err)
		}
	}
	if err := db.Create(ctx, demoDatabase); err != nil {
		return err
	}
	if err := (&publishCmd{Dir: d.midseason(), Database: db.URL(demoDatabase)}).Run(ctx); err != nil {
		return err
	}
	return (&publishCmd{Dir: d.run(), Database: db.URL(demoDatabase), Roster: filepath.Join(d.county(), "contractors.csv"), Key: filepath.Join(d.county(), "identity.key"),
		Seal: d.seal(), Cipher: store.AES}).Run(ctx)
}

// demoPeople are who one may be: one of each role, and a second officer and
// approver, since nobody checks his own work.
var demoPeople = []devid.Person{
	{Subject: "officer", Name: "李敏 Li Min", About: "Credit officer 信贷员: brings applications, surveys, sees land, findings and decisions."},
	{Subject: "officer2", Name: "何静 He Jing", About: "Credit officer 信贷员: reviews what another has surveyed."},
	{Subject: "approver", Name: "陈刚 Chen Gang", About: "Approver 审批人: decides on what officers propose."},
	{Subject: "approver2", Name: "马骏 Ma Jun", About: "Approver 审批人: the second person above the threshold."},
	{Subject: "clerk", Name: "王芳 Wang Fang", About: "County clerk 县级经办: land and growers, no decisions."},
	{Subject: "risk_manager", Name: "赵磊 Zhao Lei", About: "Risk manager 风险经理: portfolio, credit policies."},
	{Subject: "model_owner", Name: "孙悦 Sun Yue", About: "Model owner 模型负责人: models and statistics, no people."},
	{Subject: "auditor", Name: "周涛 Zhou Tao", About: "Auditor 审计: who did what, and why."},
	{Subject: "partner", Name: "吴静 Wu Jing", About: "Partner 合作机构: statistics that name nobody."},
}

// demoRole is the role of one of demoPeople, who are named by it.
func demoRole(subject string) string { return strings.TrimSuffix(subject, "2") }

// demoThreshold is the amount above which two approve: some limits of the sample
// county's mid-season run lie above it.
const demoThreshold = 500_000 // fen

// serve answers on the listener until the context ends. The identity provider
// comes first: the service asks it for its keys.
func (d demo) serve(ctx context.Context, l net.Listener, db *cluster.Cluster, open bool) error {
	address, mux := "http://"+l.Addr().String(), http.NewServeMux()
	provider, err := devid.New(address+"/id", demoClient, address+"/", demoPeople)
	if err != nil {
		return err
	}
	mux.Handle("/id/", provider)
	serving, stop := context.WithCancel(ctx)
	defer stop()
	ended := make(chan error, 1)
	go func() { ended <- api.Serve(serving, l, api.NewServer(mux)) }()
	s, err := d.login(ctx, db, provider.Issuer)
	if err == nil {
		defer s.Close()
		var pictures *api.Pictures
		if pictures, err = drawScenes(); err != nil {
			stop()
			return errors.Join(err, <-ended)
		}
		defer pictures.Close()
		defer closeDays(s, d.heads(), warnings())()
		defer everyDay(s, warnings())()
		var h http.Handler
		if h, err = d.service(ctx, s, pictures, provider.Issuer); err == nil {
			mux.Handle("/", h)
			fmt.Printf("Open %s/ in a browser; Ctrl-C ends it.\n", address)
			if open {
				openBrowser(address + "/")
			}
			return <-ended
		}
	}
	stop()
	return errors.Join(err, <-ended)
}

func (d demo) service(ctx context.Context, s *store.Store, pictures *api.Pictures, issuer string) (http.Handler, error) {
	sign, err := api.NewSignIn(ctx, issuer, demoClient)
	if err != nil {
		return nil, err
	}
	seal, err := store.LoadSealer(d.seal(), store.AES)
	if err != nil {
		return nil, err
	}
	records, err := recordStores([]string{filepath.Join(d.county(), "county.toml")}, identity.Key{})
	if err != nil {
		return nil, err
	}
	key, err := identity.LoadKey(filepath.Join(d.county(), "identity.key"))
	if err != nil {
		return nil, err
	}
	return api.New(api.Config{Store: s, Seal: seal, Pictures: pictures, Sign: []api.SignIn{sign}, Log: warnings(), Heads: d.heads(), Identity: key, Records: records})
}

// warnings is the log of a demonstration.
func warnings() *slog.Logger {
	return slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
}

// login admits the people to the run's county and connects as one who owns nothing.
func (d demo) login(ctx context.Context, db *cluster.Cluster, issuer string) (*store.Store, error) {
	info, err := rundir.ReadInfo(d.run())
	if err != nil {
		return nil, err
	}
	owner, err := store.Open(ctx, db.URL(demoDatabase))
	if err != nil {
		return nil, err
	}
	defer owner.Close()
	for _, p := range demoPeople {
		if err := owner.PutMember(ctx, issuer, store.Member{Subject: p.Subject, Name: p.Name, Role: demoRole(p.Subject), Counties: []string{info.County}}, time.Time{}); err != nil {
			return nil, err
		}
	}
	if err := owner.SetApprovalRule(ctx, info.County, demoThreshold, "the demonstration's own", [2]string{"risk_manager", "approver"}); err != nil {
		return nil, err
	}
	password := rand.Text()
	if err := owner.CreateLogin(ctx, demoLogin, password); err != nil {
		return nil, err
	}
	u, err := url.Parse(db.URL(demoDatabase))
	if err != nil {
		return nil, err
	}
	u.User = url.UserPassword(demoLogin, password)
	return store.Open(ctx, u.String())
}

// openBrowser shows the address on a desktop; elsewhere one reads it.
func openBrowser(address string) {
	if os.Getenv("DISPLAY")+os.Getenv("WAYLAND_DISPLAY") == "" || !term.IsTerminal(int(os.Stdout.Fd())) {
		return
	}
	cmd := exec.Command("xdg-open", address)
	if cmd.Start() == nil {
		go cmd.Wait()
	}
}
