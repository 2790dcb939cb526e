/** What `--help` teaches beneath the options: a few commands that work, and what their exit codes mean. By command. */
export const TEACHING: Readonly<Record<string, string>> = {
  scan: `
Examples:
  custos scan                               the targets of custos.yaml
  custos scan ./deploy https://pay.example.com
  custos scan ./deploy --product nginx=1.26.2 --product openssl=3.0.15
  custos scan -f text -f sarif=custos.sarif -f json=custos.json
  custos scan --baseline baseline.json    the gate stops at what is new or worse

Exit codes: 0 gate met · 1 not met · 2 undecided
            3 wrong usage or configuration · 130 interrupted`,
  collect: `
Examples:
  custos collect -o evidence.jsonl
  custos collect ./deploy -o - | custos evaluate -
  custos collect --shard 1/4 -o shard-1.jsonl   then: custos merge shard-*.jsonl

Exit codes: 0 written · 3 wrong usage or configuration · 130 interrupted`,
  evaluate: `
Examples:
  custos evaluate evidence.jsonl
  custos evaluate evidence.jsonl -p custody-strict -f json=strict.json
  custos collect ./deploy -o - | custos evaluate -

Exit codes: 0 gate met · 1 not met · 2 undecided · 3 wrong usage or evidence`,
  merge: `
Examples:
  custos merge shard-*.jsonl -f json=fleet.json
  custos merge shard-*.jsonl -o evidence.jsonl

Exit codes: 0 gate met · 1 not met · 2 undecided · 3 wrong usage or evidence`,
  report: `
Examples:
  custos report custos.json
  custos report custos.json -f sarif=custos.sarif --lang zh

Exit codes: 0 written (the gate was decided before) · 3 wrong usage or file`,
  diff: `
Examples:
  custos diff last-month.json today.json

Exit codes: 0 nothing new or worse · 1 something is new or worse
            2 nothing is, but something is no longer determinable
            3 wrong usage or file`,
  explain: `
Examples:
  custos explain IAM-01                     what it asks for, and why
  custos explain IAM-01 --assessment custos.json
                                            what was read, why it came out so`,
  controls: `
Examples:
  custos controls list --family TLS
  custos controls show TLS-03
  custos controls test ./my-controls        see docs/writing-controls.md`,
  'controls list': `
Examples:
  custos controls list
  custos controls list ./my-controls --family ACME
  custos controls list --json`,
  'controls show': `
Examples:
  custos controls show TLS-03
  custos controls show ACME-01 --controls ./my-controls`,
  'controls lint': `
Examples:
  custos controls lint ./my-controls

Exit codes: 0 well-formed · 3 not`,
  'controls test': `
Examples:
  custos controls test ./my-controls

Exit codes: 0 every example comes out as it says · 3 one does not`,
  profiles: `
Examples:
  custos profiles list
  custos profiles show custody-strict`,
  'profiles list': `
Examples:
  custos profiles list --lang zh`,
  'profiles show': `
Examples:
  custos profiles show custody-strict
  custos profiles show ./my-profile.yaml`,
  init: `
Examples:
  custos init && custos scan`,
  completion: `
Examples:
  eval "$(custos completion bash)"          in ~/.bashrc
  eval "$(custos completion zsh)"           in ~/.zshrc
  custos completion fish | source           in ~/.config/fish/config.fish`,
};
