<?php
// Somebody orders: php order.php ben 'two chairs'. All of the shop's part in it; it knows nothing but Redis.
[, $customer, $what] = $argv + ['', 'ben', 'two chairs'];
$redis = new Redis();
$redis->connect('127.0.0.1', (int) (getenv('REDIS_PORT') ?: 16379));

$servers = $redis->publish('pub.orders', "$customer orders $what"); // for whoever listens to orders
$redis->publish("user.$customer", "Thank you for $what");           // for that customer alone
echo "$servers servers heard of it\n";
