<?php

namespace Example\Checks;

/** Says whether a text is a greeting. */
function greets(string $text): bool
{
    return str_starts_with($text, "Hello");
}
