<?php
// Messages for a user, be he there or not: php send.php 42 'Your parcel is on its way'
if ($argc < 3) {
    exit("php send.php USER TEXT…\n");
}
[, $user] = $argv;
$redis = new Redis();
$redis->connect('127.0.0.1', (int) (getenv('REDIS_PORT') ?: 16379));

foreach (array_slice($argv, 2) as $text) {
    $message = ['id' => bin2hex(random_bytes(8)), 'at' => time(), 'text' => $text];
    $redis->lPush("user_{$user}_messages", json_encode($message));
}
