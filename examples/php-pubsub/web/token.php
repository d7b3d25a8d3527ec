<?php
// The shop says who somebody is and which topics he may join, and signs it for an hour.
const STAFF = ['anna', 'carol'];

$user = $_GET['user'] ?? ''; // ask your login instead
$topics = in_array($user, STAFF, true) ? ['orders'] : [];

$part = fn (string $bytes): string => rtrim(strtr(base64_encode($bytes), '+/', '-_'), '=');
$signed = $part('{"alg":"HS256"}') . '.'
    . $part(json_encode(['sub' => $user, 'exp' => time() + 3600, 'topics' => $topics]));
$signature = hash_hmac('sha256', $signed, getenv('PUSHWIRE_AUTH_JWT_SECRET'), true);

header('Content-Type: application/json');
echo json_encode(['token' => $signed . '.' . $part($signature), 'topics' => $topics]);
