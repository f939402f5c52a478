<?php

/**
 * A host of one request, as far as the bridge asks it: what it answers is described in JSON on the standard input, and what
 * has come of it is told in JSON at the end.
 */

define('GLPI_ROOT', $argv[1]);
define('GLPI_VERSION', $argv[2]);
require __DIR__ . '/stubs.php';

$asked = json_decode(stream_get_contents(STDIN), true);
$_SESSION = $asked['session'] ?? ['glpilanguage' => 'en_GB', 'glpiactiveprofile' => ['id' => 4], 'glpimenu' => 'old'];
$_POST = $asked['post'] ?? [];
$_GET = [];
$_SERVER['QUERY_STRING'] = $asked['query'] ?? '';
$_SERVER['PHP_SELF'] = '/itsm-ng/plugins/callmanager/' . ($asked['page'] ?? '');
$CFG_GLPI = ['root_doc' => $asked['root'] ?? '/itsm-ng'];
$DB = new FakeDb($asked['tables'] ?? []);
ProfileRight::$possible = array_fill_keys($asked['possible'] ?? [], '');
ob_start();
register_shutdown_function(static function () use (&$told) {
    global $DB, $PLUGIN_HOOKS;
    while (ob_get_level() > 1) {
        ob_end_flush();
    }
    $end = ['output' => ob_get_clean(), 'tables' => $DB->tables, 'hooks' => $PLUGIN_HOOKS, 'session' => $_SESSION];
    echo json_encode($end + $told, JSON_UNESCAPED_UNICODE | JSON_THROW_ON_ERROR);
});

class Profile extends CommonDBTM
{
    public function displayRightsChoiceMatrix(array $rights, array $options)
    {
        call('matrix', $rights, $options['canedit']);
        echo '<table></table>';
    }
}

class Html
{
    public static function header(...$of)
    {
        call('header', ...$of);
        echo "<header></header>\n";
    }

    public static function footer()
    {
        echo "<footer></footer>\n";
    }

    public static function hidden($name, array $options)
    {
        return "<input type='hidden' name='$name' value='{$options['value']}'>";
    }

    public static function submit($label, array $options)
    {
        return "<button name='{$options['name']}'>$label</button>";
    }

    public static function closeForm()
    {
        echo "<input type='hidden' name='_glpi_csrf_token' value='token'></form>";
    }

    public static function back()
    {
        call('back');
        exit;
    }

    public static function displayNotFoundError()
    {
        call('not found');
        exit;
    }
}

require_once GLPI_ROOT . "/plugins/callmanager/setup.php";
require_once GLPI_ROOT . "/plugins/callmanager/hook.php";

/** What the host itself would call; each result is told. */
foreach ($asked['run'] ?? [] as $step) {
    [$name, $arguments] = [$step[0], array_slice($step, 1)];
    if ($name === 'purge') {
        plugin_callmanager_forget_user(new User($arguments[0]));
    } elseif ($name === 'tab') {
        [$class, $itemClass, $id, $fields] = $arguments;
        $item = new $itemClass($id, $fields);
        $title = (new $class())->getTabNameForItem($item);
        $told['results'][] = [$title, $class::displayTabContentForItem($item)];
    } elseif ($name === 'menu') {
        $told['results'][] = PluginCallmanagerDesk::getMenuContent();
    } else {
        $told['results'][] = $name(...$arguments);
    }
}
