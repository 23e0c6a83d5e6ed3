# docker.io/library/gcc: Debian's compiler under the official image's name; CMake is not in it.
FROM docker.io/library/buildpack-deps:trixie
RUN ln -s /usr/bin/gcc /usr/local/bin/gcc && ln -s /usr/bin/g++ /usr/local/bin/g++
CMD ["bash"]
