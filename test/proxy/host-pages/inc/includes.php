<?php

/**
 * What each page of the host begins with. `files/_sessions` holds who is logged in, as JSON: `rights`, `language`, and `look`,
 * the line of ITSM-NG whose styles the pages have. Tables are kept from one request to the next, in `files/tables.json`.
 */

define('GLPI_ROOT', dirname(__DIR__));
define('GLPI_VERSION', '9.5.13');
require __DIR__ . '/stubs.php';
require __DIR__ . '/html.php';

const SESSION_COOKIE = 'glpi_00000000000000000000000000000000';
const TABLES = GLPI_ROOT . '/files/tables.json';

// Its own pages need no inline script, which real ones are full of: whatever is complained of is ours.
header("Content-Security-Policy: default-src 'self'");

$token = $_COOKIE[SESSION_COOKIE] ?? '';
$session = GLPI_ROOT . "/files/_sessions/sess_$token";
if (!preg_match('/^\w+$/', $token) || !is_file($session)) {
    http_response_code(401);
    exit('Nobody is logged in.');
}
$asked = json_decode(file_get_contents($session), true);
$_SESSION = ['glpilanguage' => $asked['language'], 'glpiactiveprofile' => ['id' => 4]];
$CFG_GLPI = ['root_doc' => '/itsm-ng'];
// As the host does with all that comes, so that nobody finds in `$_GET` what was typed.
$_GET = array_map(static fn($value) => is_string($value) ? addslashes(strtr($value, ['<' => '&lt;', '>' => '&gt;'])) : $value, $_GET);
$_SERVER['HTTP_REFERER'] = $_SERVER['HTTP_REFERER'] ?? '/itsm-ng/front/central.php';
if ($_SERVER['REQUEST_METHOD'] === 'POST' && ($_POST['_glpi_csrf_token'] ?? '') !== csrf_token()) {
    http_response_code(403);
    exit('The action you have requested is not allowed.');
}

$DB = new FakeDb(json_decode(file_get_contents(TABLES), true));
register_shutdown_function(static function () {
    global $DB;
    file_put_contents(TABLES, json_encode($DB->tables, JSON_THROW_ON_ERROR));
});

function csrf_token()
{
    global $token;
    return md5("form of $token");
}

require GLPI_ROOT . '/plugins/callmanager/setup.php';
plugin_init_callmanager();
