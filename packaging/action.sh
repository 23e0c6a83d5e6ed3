#!/usr/bin/env bash
# The one step of the action: one run of `ballast check`, printed for the log, for annotations, as SARIF and as a summary.
set -euo pipefail

case "$BALLAST_VERSION" in
  */*|*.tgz) package="$BALLAST_VERSION" ;;
  *) package="ballast-cli@$BALLAST_VERSION" ;;
esac

options=(--fail-on "$BALLAST_FAIL_ON" --format sarif --output "$BALLAST_SARIF")
if [ -n "$BALLAST_CONFIG" ]; then
  options+=(--config "$BALLAST_CONFIG")
fi
if [ "$BALLAST_SUMMARY" = true ] && [ -n "${GITHUB_STEP_SUMMARY:-}" ]; then
  summary=$(mktemp)
  options+=(--format markdown --output "$summary")
fi
# What has no file of its own is printed.
if [ "$BALLAST_ANNOTATIONS" = true ]; then
  options+=(--format github)
else
  options+=(--format tty)
fi

# Paths are words of their own, as the description of the input says.
read -r -a paths <<<"$BALLAST_PATHS"
code=0
npx --yes --package "$package" ballast check "${options[@]}" -- "${paths[@]}" || code=$?

if [ -n "${summary:-}" ]; then
  cat "$summary" >>"$GITHUB_STEP_SUMMARY"
fi
if [ -n "${GITHUB_OUTPUT:-}" ] && [ -f "$BALLAST_SARIF" ]; then
  printf 'sarif=%s\n' "$BALLAST_SARIF" >>"$GITHUB_OUTPUT"
fi
exit "$code"
