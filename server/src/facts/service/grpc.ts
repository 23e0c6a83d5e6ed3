import { sourceQuestion } from '../../ecosystems/source-text.ts';
import { joinPath } from '../../project/paths.ts';
import { memoizeInView } from '../../project/view.ts';

/** Manifests that tell whether a program speaks gRPC, and whether it speaks HTTP as well. */
const manifests = [
  'package.json',
  'requirements.txt',
  'pyproject.toml',
  'go.mod',
  'pom.xml',
  'build.gradle',
  'build.gradle.kts',
  'Cargo.toml',
];

const grpc =
  /@grpc\/grpc-js|\bgrpcio\b|google\.golang\.org\/grpc|grpc-netty|grpc-services|\btonic\b|Grpc\.AspNetCore/;

/** True where a source makes a server that speaks gRPC. */
const servesGrpc = sourceQuestion(
  /\bgrpc\.NewServer\(|\bgrpc\.(?:aio\.)?server\(|\bNettyServerBuilder\b|\bServerBuilder\.forPort\(|\bServer::builder\(\)|\bnew grpc\.Server\(|\bServerBuilder builder\b/,
  /\.(?:go|py|java|kt|rs|[cm]?[jt]s|cc|cpp)$/,
);

const web =
  /"(?:express|fastify|koa|@nestjs\/core|next|hono|restify|@hapi\/hapi)"|\b(?:flask|django|fastapi|starlette|aiohttp|tornado|gunicorn|uvicorn)\b|gin-gonic|labstack\/echo|gorilla\/mux|go-chi|gofiber|spring-boot-starter-web|\b(?:actix-web|axum|warp|rocket)\b/i;

export const onlySpeaksGrpc = memoizeInView((project, directory): boolean => {
  const texts = manifests
    .flatMap((name) => [...new Set([name, joinPath(directory, name)])])
    .map((path) => project.reader.read(path) ?? '')
    .join('\n');
  return (grpc.test(texts) || servesGrpc(project, directory)) && !web.test(texts);
});
