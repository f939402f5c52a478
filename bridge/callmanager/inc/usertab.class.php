<?php

// Asked for by its own address it would end in an error that shows its path.
defined('GLPI_ROOT') || exit;

/** The tab Call Manager of a user, where RIOs are kept in a table of our own; else the host's own form has the field. */
class PluginCallmanagerUsertab extends CommonGLPI
{
    public function getTabNameForItem(CommonGLPI $item, $withtemplate = 0)
    {
        return self::isShown($item) ? 'Call Manager' : '';
    }

    /** The host checks no more than that the user can be read; what may be done the server says. */
    public static function displayTabContentForItem(CommonGLPI $item, $tabnum = 1, $withtemplate = 0)
    {
        if (!self::isShown($item)) {
            return false;
        }
        PluginCallmanagerElement::show('callmanager-user-tab', ['user-id' => $item->getID()]);
        return true;
    }

    private static function isShown(CommonGLPI $item)
    {
        return $item instanceof User
            && !$item->isNewItem()
            && Session::haveRight('plugin_callmanager_access', READ)
            && self::isOwnTable();
    }

    /** The last of the rows counts, as it does for the server: the predecessor's table allows several. */
    private static function isOwnTable()
    {
        global $DB;

        $table = 'glpi_plugin_callmanager_configs';
        if (!$DB->tableExists($table)) {
            return true;
        }
        $method = 'custom_table';
        $query = ['FROM' => $table, 'WHERE' => ['name' => 'rio_storage_method'], 'ORDER' => 'id'];
        foreach ($DB->request($query) as $row) {
            $method = $row['value'];
        }
        return !in_array($method, ['name', 'registration_number'], true);
    }
}
