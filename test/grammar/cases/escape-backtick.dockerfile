# SYNTAX TEST "source.dockerfile" "the backtick as escape character"
# escape=`
# ^^^^^^ keyword.other.directive.dockerfile
#        ^ string.unquoted.directive.dockerfile
# syntax=docker/dockerfile:1
# ^^^^^^ keyword.other.directive.dockerfile

# check=skip=all
# ^^^^^ - keyword.other.directive.dockerfile
COPY a.txt C:\
#            ^ - constant.character.escape.line-continuation.dockerfile
RUN dir "C:\" `
# <--- keyword.other.special-method.dockerfile
#           ^ punctuation.definition.string.end.dockerfile
#             ^ constant.character.escape.line-continuation.dockerfile
    run `$x <<EOF
#   ^^^ - keyword.other.special-method.dockerfile
#       ^^ constant.character.escaped.dockerfile
text
# <---- string.unquoted.heredoc.dockerfile
EOF
USER x
# <---- keyword.other.special-method.dockerfile
