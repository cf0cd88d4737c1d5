package gdal

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/parus-lending/parus/raster"
)

const s3ID, s3Secret, s3Region = "PARUSTESTID", "a secret only this test knows", "eu-test-1"

// signed checks a request's AWS Signature Version 4 as S3 does, after "Signing
// AWS API requests" of the IAM user guide.
func signed(r *http.Request) error {
	auth := r.Header.Get("Authorization")
	var credential, headers, signature string
	for _, part := range strings.Split(strings.TrimPrefix(auth, "AWS4-HMAC-SHA256 "), ",") {
		k, v, _ := strings.Cut(strings.TrimSpace(part), "=")
		switch k {
		case "Credential":
			credential = v
		case "SignedHeaders":
			headers = v
		case "Signature":
			signature = v
		}
	}
	id, scope, _ := strings.Cut(credential, "/")
	if id != s3ID {
		return fmt.Errorf("authorization %q", auth)
	}
	canonical := r.Method + "\n" + r.URL.EscapedPath() + "\n" + r.URL.RawQuery + "\n"
	for _, h := range strings.Split(headers, ";") {
		v := r.Header.Get(h)
		if h == "host" {
			v = r.Host
		}
		canonical += h + ":" + strings.TrimSpace(v) + "\n"
	}
	canonical += "\n" + headers + "\n" + r.Header.Get("X-Amz-Content-Sha256")
	sum := sha256.Sum256([]byte(canonical))
	text := "AWS4-HMAC-SHA256\n" + r.Header.Get("X-Amz-Date") + "\n" + scope + "\n" + hex.EncodeToString(sum[:])
	key := []byte("AWS4" + s3Secret)
	for _, part := range append(strings.Split(scope, "/"), text) {
		m := hmac.New(sha256.New, key)
		m.Write([]byte(part))
		key = m.Sum(nil)
	}
	if hex.EncodeToString(key) != signature {
		return fmt.Errorf("the signature is wrong for %q", canonical)
	}
	return nil
}

// Imagery in an S3 bucket: requests are signed, failures tried again, only
// touched blocks fetched, and what the key may not read is an error at once.
func TestReadFromS3(t *testing.T) {
	g, v, body := onServer(t)
	s := serve(t, body)
	denied := func(w http.ResponseWriter, code int, word string) bool {
		w.Header().Set("Content-Type", "application/xml")
		w.WriteHeader(code)
		fmt.Fprintf(w, `<?xml version="1.0" encoding="UTF-8"?><Error><Code>%s</Code><Message>test</Message></Error>`, word)
		return true
	}
	bucket := func(fail int) func(int, http.ResponseWriter, *http.Request) bool {
		return func(n int, w http.ResponseWriter, r *http.Request) bool {
			if err := signed(r); err != nil {
				t.Error(err)
				return denied(w, 403, "SignatureDoesNotMatch")
			}
			switch {
			case strings.HasPrefix(r.URL.Path, "/closed/"):
				return denied(w, 403, "AccessDenied")
			case r.URL.Path != "/imagery/2024/B02.tif":
				return denied(w, 404, "NoSuchKey")
			case n < fail:
				return denied(w, 503, "SlowDown")
			}
			return false
		}
	}
	for k, val := range map[string]string{
		"AWS_S3_ENDPOINT": strings.TrimPrefix(s.URL, "http://"), "AWS_HTTPS": "NO", "AWS_VIRTUAL_HOSTING": "FALSE",
		"AWS_ACCESS_KEY_ID": s3ID, "AWS_SECRET_ACCESS_KEY": s3Secret, "AWS_REGION": s3Region,
		"AWS_SESSION_TOKEN": "", "AWS_PROFILE": "", "AWS_CONFIG_FILE": os.DevNull, "CPL_AWS_CREDENTIALS_FILE": os.DevNull,
	} {
		t.Setenv(k, val)
	}
	s.during(bucket(0))
	r := Open(Options{Wait: 5 * time.Millisecond})
	defer r.Close()
	a := raster.Asset{Href: "s3://imagery/2024/B02.tif", Grid: g}
	if got, err := r.Describe(context.Background(), a); err != nil || got != g {
		t.Fatalf("%+v, %v", got, err)
	}
	for _, fail := range []int{0, 2} {
		s.during(bucket(fail))
		dst := make([]uint16, fourBlocks.Width*fourBlocks.Height)
		if err := r.Read(context.Background(), a, fourBlocks, dst); err != nil {
			t.Fatal(err)
		}
		mustEqual(t, g, v, fourBlocks, dst)
		if gets, sent, asked := s.counts(); sent > 128<<10 || gets > 1+3*fail {
			t.Errorf("%d requests and %d bytes with %d failures: %v", gets, sent, fail, asked)
		}
		r.open[a.Href].src.(*remoteFile).forget()
	}
	for bad, word := range map[string]string{"s3://imagery/2024/B99.tif": "no such object", "s3://closed/2024/B02.tif": "denied"} {
		s.during(bucket(0))
		err := r.Read(context.Background(), raster.Asset{Href: bad}, fourBlocks, make([]uint16, fourBlocks.Width*fourBlocks.Height))
		if err == nil || !strings.Contains(err.Error(), bad) || !strings.Contains(err.Error(), word) {
			t.Errorf("%s: %v", bad, err)
		}
		if gets, _, asked := s.counts(); gets > 4 {
			t.Errorf("%s: %d requests: %v", bad, gets, asked)
		}
	}
}
