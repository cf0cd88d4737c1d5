package main

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"time"

	"github.com/parus-lending/parus/api"
	"github.com/parus-lending/parus/data/identity"
	"github.com/parus-lending/parus/data/store"
	"github.com/parus-lending/parus/models/onnxgo"
	"github.com/parus-lending/parus/raster"
	"github.com/parus-lending/parus/raster/gdal"
)

type serveCmd struct {
	Database string   `env:"DATABASE_URL" placeholder:"URL" help:"Address of the service's database, as a login that is a member of parus_service and owns nothing ($DATABASE_URL)."`
	Listen   string   `default:"127.0.0.1:8080" help:"Where to answer; put a proxy with TLS before it."`
	Metrics  string   `placeholder:"ADDRESS" help:"Where Prometheus finds /metrics, apart from the service: an address that only it reaches (127.0.0.1:9464). Default: nowhere."`
	Issuer   string   `help:"Identity provider (OIDC) whose people may sign in."`
	Client   string   `default:"parus" help:"Whom its tokens must be for."`
	Seal     string   `type:"existingfile" help:"Key that seals personal data; without it no grower is shown by name."`
	Key      string   `type:"existingfile" help:"The lender's identity key: finds a person by his number (pre-admission), and turns numbers in imported files into grower IDs."`
	County   []string `type:"existingfile" help:"County files (county.toml): into their stores of records clerks may import, and claims in them are held against new ones."`

	AuditHeads string `type:"path" placeholder:"FILE" help:"Where the audit log's end is written at each day's end (00:00 UTC) and when the service ends: outside the database, apart from it. Default: nowhere."`
	Models     string `type:"existingdir" placeholder:"DIR" help:"Folder with models of your own, whose cards are shown beside the shipped ones."`
}

func (c *serveCmd) Run(ctx context.Context) error {
	if c.Database == "" {
		return fmt.Errorf("%w: say where the database is: --database postgres://user@host/name, or $DATABASE_URL", errUsage)
	}
	s, err := store.Open(ctx, c.Database)
	if err != nil {
		return err
	}
	defer s.Close()
	pictures, err := drawScenes()
	if err != nil {
		return err
	}
	defer pictures.Close()
	config := api.Config{Store: s, Pictures: pictures, Log: slog.New(slog.NewJSONHandler(os.Stderr, nil)), Heads: c.AuditHeads}
	if config.Models, err = (modelFlags{Models: c.Models}).registry(); err != nil {
		return err
	}
	if c.Seal != "" {
		if config.Seal, err = store.LoadSealer(c.Seal, store.AES); err != nil {
			return err
		}
	}
	if c.Key != "" {
		if config.Identity, err = identity.LoadKey(c.Key); err != nil {
			return err
		}
	}
	if config.Records, err = recordStores(c.County, config.Identity); err != nil {
		return err
	}
	if c.Issuer != "" {
		p, err := api.NewSignIn(ctx, c.Issuer, c.Client)
		if err != nil {
			return err
		}
		config.Sign = append(config.Sign, p)
	}
	if c.Metrics != "" {
		config.Metrics = api.NewMetrics()
		stop, err := serveMetrics(ctx, c.Metrics, config.Metrics)
		if err != nil {
			return err
		}
		defer stop()
	}
	h, err := api.New(config)
	if err != nil {
		return err
	}
	l, err := net.Listen("tcp", c.Listen)
	if err != nil {
		return fmt.Errorf("listen on %s: %w", c.Listen, err)
	}
	if c.AuditHeads != "" {
		defer closeDays(s, c.AuditHeads, config.Log)()
	}
	defer everyDay(s, config.Log)()
	fmt.Printf("Parus answers at http://%s, its contract is /openapi.yaml; Ctrl-C ends it.\n", l.Addr())
	return api.Serve(ctx, l, api.NewServer(h))
}

// drawScenes draws pictures of the scenes that runs name.
func drawScenes() (*api.Pictures, error) {
	return api.NewPictures(func() raster.LevelReader { return gdal.Open(gdal.Options{}) }, onnxgo.New())
}

// recordStores are the stores of records of county files, by county. A county's own
// identity key is used where none is given.
func recordStores(files []string, key identity.Key) (map[string]api.Records, error) {
	out := map[string]api.Records{}
	for _, file := range files {
		cfg, opt, err := recordsOf(file)
		if err != nil {
			return nil, err
		}
		if _, twice := out[cfg.County]; twice {
			return nil, fmt.Errorf("%w: two county files are of %s", errUsage, cfg.County)
		}
		if opt.Key = key; key.IsZero() && cfg.IdentityKey != "" {
			if opt.Key, err = identity.LoadKey(cfg.IdentityKey); err != nil {
				return nil, err
			}
		}
		out[cfg.County] = api.Records{Options: opt, Files: cfg.Feeds}
	}
	return out, nil
}

// serveMetrics answers /metrics at an address of its own until stop.
func serveMetrics(ctx context.Context, address string, m *api.Metrics) (stop func(), err error) {
	l, err := net.Listen("tcp", address)
	if err != nil {
		return nil, fmt.Errorf("listen on %s for metrics: %w", address, err)
	}
	fmt.Printf("Metrics are at http://%s/metrics.\n", l.Addr())
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", m.Handler())
	serving, cancel := context.WithCancel(ctx)
	ended := make(chan error, 1)
	go func() { ended <- api.Serve(serving, l, api.NewServer(mux)) }()
	return func() { cancel(); <-ended }, nil
}

type memberCmd struct {
	Add memberAddCmd `cmd:"" help:"Admit one whom the identity provider knows, or make a service token; the same again changes him."`
}

type memberAddCmd struct {
	Subject  string    `arg:"" help:"As the identity provider knows him (sub); of a token its name."`
	Role     string    `required:"" enum:"clerk,officer,approver,risk_manager,model_owner,auditor,partner" help:"${enum}."`
	County   []string  `required:"" help:"Six digits; several by comma."`
	Name     string    `help:"As the service shows him."`
	Issuer   string    `xor:"who" required:"" help:"Identity provider."`
	Token    bool      `xor:"who" required:"" help:"Make a service token instead; it is shown once."`
	Until    time.Time `format:"2006-01-02" help:"Last day; default none."`
	Database string    `env:"DATABASE_URL" placeholder:"URL" help:"Address of the service's database, as the role that owns it ($DATABASE_URL)."`
}

func (c *memberAddCmd) Run(ctx context.Context) error {
	s, err := auditDatabase{Database: c.Database}.open(ctx)
	if err != nil {
		return err
	}
	defer s.Close()
	until := c.Until
	if !until.IsZero() {
		until = until.AddDate(0, 0, 1) // the day itself still counts
	}
	m := store.Member{Subject: c.Subject, Name: c.Name, Role: c.Role, Counties: c.County}
	if !c.Token {
		return s.PutMember(ctx, c.Issuer, m, until)
	}
	token, err := s.NewToken(ctx, m, until)
	if err != nil {
		return err
	}
	fmt.Println(token)
	return nil
}
