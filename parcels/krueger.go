package parcels

import (
	"math"

	"github.com/paulmach/orb"
)

// krueger is the transverse Mercator projection by Krüger's series in the
// third flattening n to order 6 (Karney 2011, "Transverse Mercator with an
// accuracy of a few nanometers", J. Geodesy 85, eqs. 7–14 and 35–36).
type krueger struct {
	zone
	e           float64 // eccentricity
	scale       float64 // k0 × rectifying radius
	alpha, beta [6]float64
}

func newKrueger(z zone) krueger {
	f := z.ell.f
	n := f / (2 - f)
	p := [7]float64{1}
	for i := 1; i < 7; i++ {
		p[i] = p[i-1] * n
	}
	k := krueger{zone: z, e: math.Sqrt(f * (2 - f))}
	k.scale = z.k0 * z.ell.a / (1 + n) * (1 + p[2]/4 + p[4]/64 + p[6]/256)
	k.alpha = [6]float64{
		p[1]/2 - p[2]*2/3 + p[3]*5/16 + p[4]*41/180 - p[5]*127/288 + p[6]*7891/37800,
		p[2]*13/48 - p[3]*3/5 + p[4]*557/1440 + p[5]*281/630 - p[6]*1983433/1935360,
		p[3]*61/240 - p[4]*103/140 + p[5]*15061/26880 + p[6]*167603/181440,
		p[4]*49561/161280 - p[5]*179/168 + p[6]*6601661/7257600,
		p[5]*34729/80640 - p[6]*3418889/1995840,
		p[6] * 212378941 / 319334400,
	}
	k.beta = [6]float64{
		p[1]/2 - p[2]*2/3 + p[3]*37/96 - p[4]/360 - p[5]*81/512 + p[6]*96199/604800,
		p[2]/48 + p[3]/15 - p[4]*437/1440 + p[5]*46/105 - p[6]*1118711/3870720,
		p[3]*17/480 - p[4]*37/840 - p[5]*209/4480 + p[6]*5569/90720,
		p[4]*4397/161280 - p[5]*11/504 - p[6]*830251/7257600,
		p[5]*4583/161280 - p[6]*108847/3991680,
		p[6] * 20648693 / 638668800,
	}
	return k
}

// forward takes degrees to metres.
func (k krueger) forward(p orb.Point) orb.Point {
	sinPhi, _ := math.Sincos(p[1] * math.Pi / 180)
	sinLam, cosLam := math.Sincos((p[0] - k.lon0) * math.Pi / 180)
	t := math.Sinh(math.Atanh(sinPhi) - k.e*math.Atanh(k.e*sinPhi))
	xi := math.Atan2(t, cosLam)
	eta := math.Asinh(sinLam / math.Hypot(t, cosLam))
	x, y := eta, xi
	for j, a := range k.alpha {
		w := float64(2 * (j + 1))
		s, c := math.Sincos(w * xi)
		x += a * c * math.Sinh(w*eta)
		y += a * s * math.Cosh(w*eta)
	}
	return orb.Point{k.e0 + k.scale*x, k.n0 + k.scale*y}
}

// inverse takes metres to degrees.
func (k krueger) inverse(p orb.Point) orb.Point {
	eta, xi := (p[0]-k.e0)/k.scale, (p[1]-k.n0)/k.scale
	x, y := eta, xi
	for j, b := range k.beta {
		w := float64(2 * (j + 1))
		s, c := math.Sincos(w * xi)
		x -= b * c * math.Sinh(w*eta)
		y -= b * s * math.Cosh(w*eta)
	}
	sin, cos := math.Sincos(y)
	sinh := math.Sinh(x)
	target := sin / math.Hypot(sinh, cos) // tangent of the conformal latitude
	tau, e2 := target, k.e*k.e
	for range 6 { // Newton, converges in two or three steps
		r := math.Hypot(1, tau)
		sigma := math.Sinh(k.e * math.Atanh(k.e*tau/r))
		got := tau*math.Hypot(1, sigma) - sigma*r
		d := (target - got) / math.Hypot(1, got) * (1 + (1-e2)*tau*tau) / ((1 - e2) * r)
		tau += d
		if math.Abs(d) < 1e-15*math.Max(1, math.Abs(tau)) {
			break
		}
	}
	lon := k.lon0 + math.Atan2(sinh, cos)*180/math.Pi
	if math.Abs(lon) > 180 {
		lon = math.Remainder(lon, 360)
	}
	return orb.Point{lon, math.Atan(tau) * 180 / math.Pi}
}
