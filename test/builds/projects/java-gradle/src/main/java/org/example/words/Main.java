package org.example.words;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import org.apache.commons.text.WordUtils;

/** Capitalises words over HTTP. */
public final class Main {
  public static void main(String[] args) throws IOException {
    HttpServer server = HttpServer.create(new InetSocketAddress(8080), 0);
    server.createContext("/health", exchange -> answer(exchange, "ok"));
    server.createContext("/title", exchange -> answer(exchange, WordUtils.capitalize(exchange.getRequestURI().getQuery().replace('+', ' '))));
    server.start();
    System.out.println("Listening on 8080");
  }

  private static void answer(HttpExchange exchange, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(200, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }
}
