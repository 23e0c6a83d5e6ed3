# SYNTAX TEST "source.dockerfile" "heredocs: spellings, delimiters, languages"
RUN <<EOF
#   ^^ keyword.operator.heredoc.dockerfile
#     ^^^ keyword.control.heredoc-token.dockerfile
# a shell comment in the first line
# <- meta.embedded.block.shellscript comment.line.number-sign.shell

apt-get install "open
# <------- meta.embedded.block.shellscript
 EOF
# ^^ meta.embedded.block.shellscript - keyword.control.heredoc-token.dockerfile
EOF
# <--- keyword.control.heredoc-token.dockerfile - meta.embedded.block.shellscript
RUN <<-"END OF" bash -e
#   ^^^ keyword.operator.heredoc.dockerfile
#       ^^^^^^ keyword.control.heredoc-token.dockerfile
	RUN x
# ^^^^^^ meta.embedded.block.shellscript - keyword.other.special-method.dockerfile
	END OF
#^^^^^^ keyword.control.heredoc-token.dockerfile
RUN 3<< 'EOF' python3
#   ^ constant.numeric.file-descriptor.dockerfile
#        ^^^ keyword.control.heredoc-token.dockerfile
import os
# <------ meta.embedded.block.python keyword.control.import.python
EOF
RUN --mount=type=cache,target=/x \
    set -e; /usr/bin/python3.12 - <<EOF > /out.json
print("""
# <----- meta.embedded.block.python
EOF
# <--- keyword.control.heredoc-token.dockerfile
RUN --mount=type=cache,target=/x \
<<EOF
# <-- keyword.operator.heredoc.dockerfile
echo
# <---- meta.embedded.block.shellscript
EOF
RUN <<EOF
#!/usr/bin/env node
# <------------------- meta.embedded.block.javascript comment.line.shebang.dockerfile
const a = 1
# <----- meta.embedded.block.javascript storage.type.js
EOF
RUN cat <<EOF | perl
my $x;
# <-- meta.embedded.block.perl
EOF
RUN ruby <<EOF
puts
# <---- meta.embedded.block.ruby
EOF
RUN cat <<EOF > /app/config.json && \
    # a comment, then the rest of the instruction
#   ^ comment.line.number-sign.dockerfile
    chmod 0644 "/app/config.json"
#              ^ string.quoted.double.dockerfile
{ "a": 1 }
# <- meta.embedded.block.json
EOF
RUN apt-get install -y python3 && cat > /etc/motd <<'EOF'
$HOME "
# <----- string.unquoted.heredoc.dockerfile - variable.other.dockerfile
EOF
RUN tee /etc/app.ini <<EOF
[a]
# <--- meta.embedded.block.ini
EOF
COPY --chmod=755 <<EOF /entrypoint.sh
echo
# <---- meta.embedded.block.shellscript
EOF
ADD <<EOF /etc/nginx/nginx.conf
server ${NAME:-x} {
# <------ string.unquoted.heredoc.dockerfile
#        ^^^^ string.unquoted.heredoc.dockerfile variable.other.dockerfile
EOF
COPY <<EOF /usr/local/bin/run
#!/bin/sh
# <--------- meta.embedded.block.shellscript comment.line.shebang.dockerfile
EOF
COPY <<a.py <<"b.json" <<-C /dest/
#      ^^^^ keyword.control.heredoc-token.dockerfile
#              ^^^^^^ keyword.control.heredoc-token.dockerfile
#                         ^ keyword.control.heredoc-token.dockerfile
C = "
# <- meta.embedded.block.python
a.py
# <---- keyword.control.heredoc-token.dockerfile
{}
# <-- meta.embedded.block.json
b.json
# <------ keyword.control.heredoc-token.dockerfile
text
# <---- string.unquoted.heredoc.dockerfile
	C
#^ keyword.control.heredoc-token.dockerfile
RUN cat <<A > /a.yaml && python3 <<B
a: 1
# <- meta.embedded.block.yaml
A
import os
# <------ meta.embedded.block.python
B
ONBUILD RUN <<EOF
echo
# <---- meta.embedded.block.shellscript
EOF
RUN echo "<<A" '<<B' x<<C \<<D <<<E $((1<<2)) 5<F
#          ^^ string.quoted.double.dockerfile - keyword.operator.heredoc.dockerfile
#                     ^^ - keyword.operator.heredoc.dockerfile
#                          ^^ - keyword.operator.heredoc.dockerfile
#                               ^^^ - keyword.operator.heredoc.dockerfile
USER <<EOF
#    ^^ - keyword.operator.heredoc.dockerfile
CMD <<EOF
# <--- keyword.other.special-method.dockerfile
RUN <<EOF
unterminated "
# <------------ meta.embedded.block.shellscript
