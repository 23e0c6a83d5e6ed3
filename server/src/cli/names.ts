const dockerfileName = /^(?:dockerfile|containerfile)(?:\..+)?$|\.(?:dockerfile|containerfile)$/i;

/** True for the names under which Dockerfiles are kept: `Dockerfile`, `Dockerfile.web`, `web.Dockerfile`, `Containerfile` … */
export function isDockerfileName(name: string): boolean {
  return dockerfileName.test(name) && !name.toLowerCase().endsWith('.dockerignore');
}
