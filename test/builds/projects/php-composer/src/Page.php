<?php

namespace Example\Hello;

use Example\Greeting\Greeting;

final class Page
{
    public function answer(string $path, array $query): string
    {
        if ($path === '/health') {
            return 'ok';
        }
        $file = sys_get_temp_dir() . '/visits';
        file_put_contents($file, '.', FILE_APPEND);
        return (new Greeting($query['name'] ?? 'world'))->text() . ', visit ' . filesize($file);
    }
}
