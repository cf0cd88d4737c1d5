package main

import (
	"os"
	"runtime/pprof"
)

func profTmp() func() {
	f, _ := os.Create("/tmp/g.prof")
	pprof.StartCPUProfile(f)
	return pprof.StopCPUProfile
}
