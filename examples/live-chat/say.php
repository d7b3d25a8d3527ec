<?php
// Says something to the chat: php say.php NAME TEXT
[, $name, $text] = $argv + ['', 'Back office', 'Hello from PHP'];

$redis = new Redis();
$redis->connect('127.0.0.1', (int) (getenv('REDIS_PORT') ?: 16379));
$nodes = $redis->publish('chat', json_encode(['name' => $name, 'text' => $text], JSON_THROW_ON_ERROR));
echo "$nodes nodes heard it\n";
