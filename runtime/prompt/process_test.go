package prompt_test

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/sonajobs/sona/internal/corpus"
	"github.com/sonajobs/sona/internal/digest"
)

// envPrint makes this package's test binary print the prompts' hashes and end.
const envPrint = "SONA_PRINT_PROMPTS"

func TestMain(m *testing.M) {
	if os.Getenv(envPrint) != "" {
		if _, err := os.Stdout.WriteString(hashes(printer{})); err != nil {
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// printer is what scenes are built with outside a test.
type printer struct{ testing.TB }

func (printer) Helper()                        {}
func (printer) Errorf(format string, a ...any) { panic(fmt.Sprintf(format, a...)) }
func (printer) FailNow()                       { panic("failed") }

// hashes names each scene's stable part, tools, receipt and context by their hashes.
func hashes(t testing.TB) string {
	var b strings.Builder
	for i, s := range []scene{salon(), index(), actions(), hostile(), languages(), {}, large(), library()} {
		p := s.build(t).For(hostileCall())
		fmt.Fprintln(&b, i, p.Tokens, digest.Of(p.Stable), digest.Of(fmt.Sprint(p.Tools)), p.Receipt)
	}
	return b.String()
}

// Another process has other addresses, another seed of its maps and another environment. It is the program
// that runs here, started anew.
func TestAnotherProcessMakesTheSameBytes(t *testing.T) {
	want := hashes(t)
	program, err := os.Executable()
	require.NoError(t, err)
	for _, env := range []string{"TZ=Asia/Tokyo", "LANG=tr_TR.UTF-8", "GOMAXPROCS=1"} {
		cmd := exec.Command(program)
		cmd.Env = append(os.Environ(), envPrint+"=1", env)
		got, err := cmd.Output()
		require.NoError(t, err)
		require.Equal(t, want, string(got), env)
	}
}

// A machine with other word sizes makes the same bytes. Processors of kind amd64 run programs for 386.
func TestA32BitProgramMakesTheSameBytes(t *testing.T) {
	if testing.Short() {
		t.Skip("compiles the package for another processor")
	}
	if runtime.GOARCH != "amd64" || runtime.GOOS != "linux" {
		corpus.Missing(t, "programs for 386 run on amd64 only")
	}
	if _, err := exec.LookPath("go"); err != nil {
		corpus.Missing(t, "no go command")
	}
	program := t.TempDir() + "/prompt386"
	build := exec.Command("go", "test", "-c", "-o", program, ".")
	build.Env = append(os.Environ(), "GOARCH=386", "CGO_ENABLED=0")
	var errs bytes.Buffer
	build.Stderr = &errs
	require.NoError(t, build.Run(), errs.String())
	cmd := exec.Command(program)
	cmd.Env = append(os.Environ(), envPrint+"=1")
	got, err := cmd.Output()
	if err != nil {
		corpus.Missing(t, "programs for 386 do not run here: "+err.Error())
	}
	require.Equal(t, hashes(t), string(got))

	golden := exec.Command(program, "-test.run", "^(TestGolden|TestRebuild|TestReceiptsOf)")
	out, err := golden.CombinedOutput()
	require.NoError(t, err, string(out))
}
