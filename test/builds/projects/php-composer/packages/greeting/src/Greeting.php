<?php

namespace Example\Greeting;

/** A greeting for one person. */
final class Greeting
{
    public function __construct(private string $name) {}

    public function text(): string
    {
        return "Hello, {$this->name}";
    }
}
