import { type Code, callsOf, codeQuestion } from './source-code.ts';

/** What makes a server with a certificate in a source, by its name alone. */
const tlsCall = codeQuestion(
  /\bhttps\.(?:createServer|Server)\(|\bcreateSecureServer\(|\bspdy\.createServer\(|\btls\.createServer\(|\(\s*["'](?:node:)?https["']\s*\)\s*\.(?:createServer|Server)\(|\{[^{}]*\bcreateServer\b[^{}]*\}\s*(?:=\s*require\(\s*|from\s+)["'](?:node:)?https["']|\bserver_side\s*=\s*True|\bListenAndServeTLS\(|\bServeTLS\(|\btls\.(?:Listen|NewListener)\(|\.(?:RunTLS|StartTLS|StartAutoTLS|ListenTLS|RunAutoTLS|ListenMutualTLS)\(|\bcertmagic\.HTTPS\(|\bautotls\.Run\(|\bautocert\.(?:NewListener\(|Manager\{)|\bbind_(?:rustls\w*|openssl)\(|\bRustlsConfig::from_\w+\(|\.rustls\(|\bHttpsServer\.create\(|\.UseHttps\(|\bSSLEnable\b|\baddHttpsListener\(|\bsslConnector\(|\bsetSsl\(\s*true\s*\)|\bnew SslPlugin\(/,
);

/** Calls whose options or named arguments make a server with a certificate. */
const makers: readonly { readonly call: RegExp; readonly option: RegExp }[] = [
  {
    call: /\b[fF]astify(?:["']\s*\))?\(/g,
    option: /\bhttps\s*:(?!\s*(?:null|false|undefined)\b)/,
  },
  { call: /\bNestFactory\.create(?:<[^<>()]*>)?\(/g, option: /\bhttpsOptions\b/ },
  {
    call: /\b(?:Hapi|hapi)\.[sS]erver\(/g,
    option: /\btls\s*:(?!\s*(?:null|false|undefined)\b)|[{,]\s*tls\s*[,}]/,
  },
  { call: /\brestify\.createServer\(/g, option: /\b(?:certificate|httpsServerOptions)\b/ },
  { call: /\b(?:Bun|Deno)\.serve\(/g, option: /\b(?:tls|cert)\s*:/ },
  {
    call: /\b(?:run|run_app|run_simple|serve|Config|TCPSite|HTTPServer|create_server)\(/g,
    option: /\bssl(?:_context|_keyfile|_certfile|_options)?\s*=(?!\s*(?:None|False)\b)/,
  },
];

/** True for a source that makes a server with a certificate. */
export function makesTlsServer(code: Code): boolean {
  return tlsCall(code) || isGivenCertificate(code);
}

/** True for a source that gives a certificate to what listens, among its options. */
export function isGivenCertificate({ text }: Code): boolean {
  return makers.some(({ call, option }) => callsOf(text, call).some(({ args }) => option.test(args)));
}
