<?php

require __DIR__ . '/../vendor/autoload.php';

header('Content-Type: text/plain');
echo (new Example\Hello\Page())->answer(parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH), $_GET);
