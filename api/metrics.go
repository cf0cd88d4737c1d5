package api

import (
	"net/http"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// Metrics are a service's numbers for Prometheus: they name routes, never what
// was asked or by whom. They are served apart from the service (Handler), since
// behind a proxy every request seems to come from this machine.
type Metrics struct {
	registry *prometheus.Registry
	seconds  *prometheus.HistogramVec
}

// NewMetrics begins to count; Config.Metrics takes them, for one service.
func NewMetrics() *Metrics {
	m := &Metrics{registry: prometheus.NewRegistry(),
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "parus_request_seconds", Help: "Time of a request from its head to its answer.",
			Buckets: []float64{.001, .0025, .005, .01, .02, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 20}}, []string{"method", "route", "status"}),
	}
	m.registry.MustRegister(m.seconds, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// Handler answers with the numbers, for a listener that only Prometheus reaches.
func (m *Metrics) Handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{Registry: m.registry})
}

// watch adds what a service keeps in memory and its connections to the database.
func (m *Metrics) watch(s *server) {
	for kind, kept := range map[string]interface{ size() int }{"land": &s.lands.land, "tile": &s.lands.tiles, "county": &s.counties, "decision": &s.decisions, "token": &s.signed} {
		m.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "parus_memory_bytes", Help: "About how much is kept in memory.", ConstLabels: prometheus.Labels{"kind": kind}},
			func() float64 { return float64(kept.size()) }))
	}
	m.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "parus_tiles_ahead_runs", Help: "Runs whose tiles are being made before anybody asks for them."},
		func() float64 { return float64(s.lands.making.Load()) }))
	m.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "parus_decisions_ahead_runs", Help: "Runs whose growers are being decided before anybody asks for them."},
		func() float64 { return float64(s.ahead.Load()) }))
	m.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "parus_runs_ready", Help: "Newest runs of counties that are shown without reading their land or making far tiles."},
		func() float64 { return float64(s.lands.ready.Load()) }))
	m.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "parus_database_connections_busy", Help: "Connections to the database that are in use."},
		func() float64 { return float64(s.Store.Busy()) }))
}

// answered counts a request that is done. A page that is not there has no route:
// whatever strangers ask for makes no new line.
func (m *Metrics) answered(c *gin.Context, took time.Duration) {
	method, route := c.Request.Method, c.FullPath()
	if route == "" {
		method, route = "", "none"
	}
	m.seconds.WithLabelValues(method, route, strconv.Itoa(c.Writer.Status())).Observe(took.Seconds())
}
