# SYNTAX TEST "source.dockerfile" "directives, comments, flags, stages, values, JSON form"
# syntax=docker/dockerfile:1
# <- comment.line.number-sign.dockerfile punctuation.definition.comment.dockerfile
# ^^^^^^ keyword.other.directive.dockerfile
#        ^^^^^^^^^^^^^^^^^^^ string.unquoted.directive.dockerfile
# check=skip=StageNameCasing;error=true
#       ^^^^ entity.other.attribute-name.dockerfile
#            ^^^^^^^^^^^^^^^ variable.other.constant.rule.dockerfile
#                                  ^^^^ constant.language.boolean.dockerfile

# syntax=too-late
# ^^^^^^ comment.line.number-sign.dockerfile - keyword.other.directive.dockerfile
# ballast ignore=rule-a, rule-b why
# ^^^^^^^ comment.line.number-sign.dockerfile keyword.other.ignore.dockerfile
#         ^^^^^^ keyword.other.ignore.dockerfile
#                ^^^^^^ comment.line.number-sign.dockerfile variable.other.constant.rule.dockerfile
#                        ^^^^^^ variable.other.constant.rule.dockerfile
#                               ^^^ comment.line.number-sign.dockerfile - variable.other.constant.rule.dockerfile
# hadolint global ignore=DL3008
#          ^^^^^^ keyword.other.ignore.dockerfile
#                        ^^^^^^ variable.other.constant.rule.dockerfile
# the ballast ignore=no
#     ^^^^^^^ comment.line.number-sign.dockerfile - keyword.other.ignore.dockerfile
FROM --platform=$BUILDPLATFORM node:20-${VARIANT:-slim} AS build
# <---- keyword.other.special-method.dockerfile
#    ^^ punctuation.definition.flag.dockerfile
#      ^^^^^^^^ entity.other.attribute-name.flag.dockerfile
#                ^^^^^^^^^^^^^ variable.other.dockerfile
#                                        ^^^^^^^ variable.other.dockerfile
#                                               ^^ keyword.operator.expansion.dockerfile
#                                                     ^ punctuation.definition.variable.end.dockerfile
#                                                       ^^ keyword.other.special-method.dockerfile
#                                                          ^^^^^ entity.name.type.stage.dockerfile
run --mount=type=cache,target=/var/cache/apt,sharing=locked \
# <--- keyword.other.special-method.dockerfile
#     ^^^^^ entity.other.attribute-name.flag.dockerfile
#           ^^^^ entity.other.attribute-name.mount.dockerfile
#                ^^^^^ constant.language.dockerfile
#                     ^ punctuation.separator.mount.dockerfile
#                             ^^^^^^^^^^^^^^ string.unquoted.flag.dockerfile
#                                                    ^^^^^^ constant.language.dockerfile
#                                                           ^ constant.character.escape.line-continuation.dockerfile
    --mount=type=bind,from=build,ro --mount=type=secret,id=npm,required=true,mode=0400 \
#                          ^^^^^ entity.name.type.stage.dockerfile
#                                ^^ entity.other.attribute-name.mount.dockerfile
#                                                                       ^^^^ constant.language.boolean.dockerfile
#                                                                                 ^^^^ constant.numeric.dockerfile
    # a comment does not end the instruction
#   ^ meta.instruction.run.dockerfile comment.line.number-sign.dockerfile

    --network=none --security=insecure \
#             ^^^^ constant.language.dockerfile
#                             ^^^^^^^^ constant.language.dockerfile
    apk add "$PACKAGES" && \
#            ^ string.quoted.double.dockerfile punctuation.definition.variable.dockerfile
    add --from=x 'it \
#   ^^^ meta.instruction.run.dockerfile - keyword.other.special-method.dockerfile
#       ^^^^^^^^ - entity.other.attribute-name.flag.dockerfile
#                ^^^ string.quoted.single.dockerfile
goes on' "$(basename "$0")" \\
# <----- string.quoted.single.dockerfile
#           ^^^^^^^^ string.quoted.double.dockerfile
#                    ^^^^ string.quoted.double.dockerfile string.quoted.double.dockerfile
#                           ^^ constant.character.escaped.dockerfile
RUN echo don't
#           ^^ string.quoted.single.dockerfile
COPY --from=build --chown=1000:1000 --chmod=0755 --link --exclude=*.md --parents /a /b
# <---- keyword.other.special-method.dockerfile - string.quoted.single.dockerfile
#           ^^^^^ entity.name.type.stage.dockerfile
#                         ^^^^^^^^^ string.unquoted.flag.dockerfile
#                                           ^^^^ constant.numeric.dockerfile
#                                                  ^^^^ entity.other.attribute-name.flag.dockerfile
#                                                                 ^^^^ string.unquoted.flag.dockerfile
COPY --from=0 --from=alpine:3.20 "a b" .
#           ^ constant.numeric.dockerfile
#                    ^^^^^^^^^^^ string.unquoted.flag.dockerfile - entity.name.type.stage.dockerfile
ADD --checksum=sha256:24454f830 https://example.com/ /
#     ^^^^^^^^ entity.other.attribute-name.flag.dockerfile
HEALTHCHECK --interval=1m30s --start-period=0.5s --retries=3 \
#                      ^^^^^ constant.numeric.dockerfile
#                                           ^^^^ constant.numeric.dockerfile
#                                                          ^ constant.numeric.dockerfile
CMD ["curl", "-f", \
# <--- meta.instruction.healthcheck.dockerfile keyword.other.special-method.dockerfile
#    ^^^^^^ string.quoted.double.dockerfile
#          ^ punctuation.separator.array.dockerfile
  "http://localhost/\"x"]
#                   ^^ constant.character.escaped.dockerfile
#                       ^ punctuation.definition.array.end.dockerfile
RUN [ "$a" = b ] && ["x"]
#   ^ - meta.array.dockerfile
#                   ^ - meta.array.dockerfile
ENV A="x ${B:-${C}}" D=\"e
#   ^ variable.other.assignment.dockerfile
#           ^^ keyword.operator.expansion.dockerfile
#               ^ variable.other.dockerfile
#                      ^^ constant.character.escaped.dockerfile
ARG NAME
#   ^^^^ variable.other.assignment.dockerfile
ONBUILD RUN x
# <------- keyword.control.dockerfile
#       ^^^ keyword.other.special-method.dockerfile
COP it's half typed
#     ^^ string.quoted.single.dockerfile
USER node
# <---- keyword.other.special-method.dockerfile - string.quoted.single.dockerfile
