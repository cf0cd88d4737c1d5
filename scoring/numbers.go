package scoring

// Numbers inside scoring are scaled integers: what rasters and models gave was
// rounded once on the way in, so a replay gives the same bytes on any machine.
type (
	Fen   int64 // 1/100 yuan
	Area  int64 // 1/100 m²
	Yield int64 // 1/10 kg per mu, at trade moisture
	Prob  int64 // 1/10 000
)
