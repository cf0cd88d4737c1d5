package raster

import (
	"math"
	"time"
)

// SunPosition is the sun's zenith and azimuth (degrees, azimuth from north,
// clockwise) at a time and place, by the NOAA solar equations (after Meeus,
// Astronomical Algorithms; good to about 0.01°, refraction left out).
func SunPosition(t time.Time, lon, lat float64) (zenith, azimuth float64) {
	const rad = math.Pi / 180
	u := t.UTC()
	jd := float64(u.Unix())/86400 + 2440587.5
	c := (jd - 2451545) / 36525
	l0 := math.Mod(280.46646+c*(36000.76983+c*0.0003032), 360)
	m := 357.52911 + c*(35999.05029-0.0001537*c)
	e := 0.016708634 - c*(0.000042037+0.0000001267*c)
	center := math.Sin(m*rad)*(1.914602-c*(0.004817+0.000014*c)) + math.Sin(2*m*rad)*(0.019993-0.000101*c) + math.Sin(3*m*rad)*0.000289
	omega := 125.04 - 1934.136*c
	lambda := l0 + center - 0.00569 - 0.00478*math.Sin(omega*rad)
	eps := 23 + (26+(21.448-c*(46.815+c*(0.00059-c*0.001813)))/60)/60 + 0.00256*math.Cos(omega*rad)
	decl := math.Asin(math.Sin(eps*rad) * math.Sin(lambda*rad))
	y := math.Tan(eps/2*rad) * math.Tan(eps/2*rad)
	eqTime := 4 / rad * (y*math.Sin(2*l0*rad) - 2*e*math.Sin(m*rad) + 4*e*y*math.Sin(m*rad)*math.Cos(2*l0*rad) -
		0.5*y*y*math.Sin(4*l0*rad) - 1.25*e*e*math.Sin(2*m*rad))
	minutes := float64(u.Hour()*60+u.Minute()) + float64(u.Second())/60
	hour := math.Mod(minutes+eqTime+4*lon+1440, 1440)/4 - 180
	sinZ := math.Sin(lat*rad)*math.Sin(decl) + math.Cos(lat*rad)*math.Cos(decl)*math.Cos(hour*rad)
	z := math.Acos(math.Max(-1, math.Min(1, sinZ)))
	az := math.Atan2(math.Sin(hour*rad), math.Cos(hour*rad)*math.Sin(lat*rad)-math.Tan(decl)*math.Cos(lat*rad))/rad + 180
	return z / rad, math.Mod(az, 360)
}
