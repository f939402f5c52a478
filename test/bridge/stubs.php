<?php

/**
 * What ITSM-NG 1.4.0 does by the names that the bridge asks for, wherever it is asked: host.php is a host of one request,
 * test/proxy/host-pages/ one that a browser visits. Each has `GLPI_ROOT`, where plugins lie below, `GLPI_VERSION` and `$asked`: who
 * asks and what they may.
 */

const READ = 1;
const UPDATE = 2;

$told = ['calls' => [], 'hooks' => [], 'results' => []];
$PLUGIN_HOOKS = [];
set_error_handler(static function ($number, $text, $file, $line) {
    throw new ErrorException("$text at $file:$line");
});
spl_autoload_register(static function ($class) {
    if (strpos($class, 'PluginCallmanager') === 0) {
        $name = strtolower(substr($class, strlen('PluginCallmanager')));
        require GLPI_ROOT . "/plugins/callmanager/inc/$name.class.php";
    }
});

function call(...$call)
{
    global $told;
    $told['calls'][] = $call;
}

function __($text, $domain = 'glpi')
{
    global $asked;
    return $asked['words'][$text] ?? $text;
}

function _sx($context, $text)
{
    return $text;
}

class FakeDb
{
    public $tables;

    public function __construct(array $tables)
    {
        $this->tables = $tables;
    }

    public function tableExists($table)
    {
        return isset($this->tables[$table]);
    }

    public function listTables($like)
    {
        $pattern = '/^' . str_replace(['\_', '%'], ['_', '.*'], $like) . '$/';
        return array_map(
            static fn($name) => ['TABLE_NAME' => $name],
            array_values(preg_grep($pattern, array_keys($this->tables)))
        );
    }

    public function quoteName($name)
    {
        return "`$name`";
    }

    public function query($sql)
    {
        if (!preg_match('/^DROP TABLE `(\w+)`$/', $sql, $found)) {
            throw new Exception("unexpected: $sql");
        }
        unset($this->tables[$found[1]]);
    }

    public function request(array $query)
    {
        $rows = array_values(array_filter($this->tables[$query['FROM']], fn($row) => self::fits($row, $query['WHERE'])));
        if (isset($query['ORDER'])) {
            usort($rows, fn($one, $other) => $one[$query['ORDER']] <=> $other[$query['ORDER']]);
        }
        return $rows;
    }

    public function insert($table, array $row)
    {
        $this->tables[$table][] = $row;
    }

    public function update($table, array $values, array $where)
    {
        foreach ($this->tables[$table] as $at => $row) {
            if (self::fits($row, $where)) {
                $this->tables[$table][$at] = array_merge($row, $values);
            }
        }
    }

    public function delete($table, array $where)
    {
        $this->tables[$table] = array_values(array_filter($this->tables[$table], fn($row) => !self::fits($row, $where)));
    }

    private static function fits(array $row, array $where)
    {
        foreach ($where as $name => $value) {
            if (!in_array($row[$name], (array) $value)) {
                return false;
            }
        }
        return true;
    }
}

class Session
{
    public static function haveRight($name, $bit)
    {
        global $asked;
        return (($asked['rights'][$name] ?? 0) & $bit) === $bit;
    }

    public static function checkRight($name, $bit)
    {
        if (!self::haveRight($name, $bit)) {
            call('refused', $name, $bit);
            http_response_code(403);
            exit;
        }
    }
}

class Plugin
{
    public static function registerClass($class, array $options)
    {
        call('registerClass', $class, $options);
    }

    public function isActivated($key)
    {
        global $asked;
        return $key === 'callmanager' && ($asked['active'] ?? true);
    }
}

class CommonGLPI
{
    public $fields = [];
    private $id;

    public function __construct($id = -1, array $fields = [])
    {
        $this->id = $id;
        $this->fields = $fields;
    }

    public function getID()
    {
        return $this->id;
    }

    public function isNewItem()
    {
        return $this->id <= 0;
    }

    public static function getFormURL()
    {
        return '/itsm-ng/front/' . strtolower(static::class) . '.form.php';
    }
}

class CommonDBTM extends CommonGLPI
{
    public function getFromDB($id)
    {
        call('getFromDB', static::class, $id);
        return true;
    }
}

class User extends CommonDBTM
{
}

class Computer extends CommonDBTM
{
}

class ProfileRight
{
    /** What the host offers for profiles and saves of them; it keeps this in a cache, whatever rows come to be there. */
    public static $possible = [];

    public static function getAllPossibleRights()
    {
        global $DB;
        if (self::$possible === []) {
            self::$possible = array_fill_keys(array_column($DB->tables['glpi_profilerights'], 'name'), '');
        }
        return self::$possible;
    }

    public static function cleanAllPossibleRights()
    {
        self::$possible = [];
    }

    public static function getProfileRights($profile, array $names)
    {
        global $DB;
        $found = $DB->request(['FROM' => 'glpi_profilerights', 'WHERE' => ['profiles_id' => $profile, 'name' => $names]]);
        return array_column($found, 'rights', 'name');
    }

    public static function deleteProfileRights(array $names)
    {
        global $DB;
        $DB->delete('glpi_profilerights', ['name' => $names]);
        self::cleanAllPossibleRights();
    }
}

class Migration
{
    public function __construct($version)
    {
        call('migration', $version);
    }

    /** Profiles that have no row get one, with the bits where they hold all that is required, and else with none. */
    public function addRight($name, $bits, array $required)
    {
        global $DB;
        echo "<p>New rights have been added for $name</p>";
        $rows = $DB->tables['glpi_profilerights'];
        foreach ($DB->tables['glpi_profiles'] as ['id' => $profile]) {
            $of = array_column(array_filter($rows, fn($row) => $row['profiles_id'] === $profile), 'rights', 'name');
            if (isset($of[$name])) {
                continue;
            }
            $met = array_filter($required, fn($bit, $right) => (($of[$right] ?? 0) & $bit) !== $bit, ARRAY_FILTER_USE_BOTH) === [];
            $DB->insert('glpi_profilerights', ['profiles_id' => $profile, 'name' => $name, 'rights' => $met ? $bits : 0]);
        }
    }

    public function executeMigration()
    {
        echo '<p>done</p>';
    }
}

class Config
{
    public static function getConfigurationValues($context, array $names)
    {
        global $DB;
        $found = $DB->request(['FROM' => 'glpi_configs', 'WHERE' => ['context' => $context, 'name' => $names]]);
        return array_column($found, 'value', 'name');
    }

    public static function setConfigurationValues($context, array $values)
    {
        global $DB;
        self::deleteConfigurationValues($context, array_keys($values));
        foreach ($values as $name => $value) {
            $DB->insert('glpi_configs', ['context' => $context, 'name' => $name, 'value' => $value]);
        }
    }

    public static function deleteConfigurationValues($context, array $names)
    {
        global $DB;
        $DB->delete('glpi_configs', ['context' => $context, 'name' => $names]);
    }
}
