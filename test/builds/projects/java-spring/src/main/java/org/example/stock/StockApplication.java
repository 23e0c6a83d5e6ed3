package org.example.stock;

import java.util.Map;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** Says how many pieces of an article are in stock. */
@SpringBootApplication
@RestController
public class StockApplication {
  private static final Map<String, Integer> STOCK = Map.of("bolt", 120, "nut", 95);

  public static void main(String[] args) {
    SpringApplication.run(StockApplication.class, args);
  }

  @GetMapping("/health")
  String health() {
    return "ok";
  }

  record Stock(String article, int pieces) {}

  @GetMapping("/stock/{article}")
  Stock stock(@PathVariable String article) {
    return new Stock(article, STOCK.getOrDefault(article, 0));
  }
}
