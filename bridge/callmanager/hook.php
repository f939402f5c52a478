<?php

/** What of each right an administrator gets: `access` reads and writes, `config` changes. */
function plugin_callmanager_rights()
{
    return ['plugin_callmanager_access' => READ | UPDATE, 'plugin_callmanager_config' => UPDATE];
}

/**
 * Installs, updates and takes the predecessor's place: the tables are the server's to make and to migrate. Run twice it
 * changes nothing; rights that somebody has been given stay as they are.
 */
function plugin_callmanager_install()
{
    $migration = new Migration(PLUGIN_CALLMANAGER_VERSION);
    // It tells what it does in HTML, which nobody asked for.
    ob_start();
    foreach (plugin_callmanager_rights() as $name => $bits) {
        // Rows that there are it leaves alone: those of the predecessor, and those that the server's SQL has made.
        $migration->addRight($name, $bits, ['config' => UPDATE]);
        plugin_callmanager_keep_reachable($name, $bits);
    }
    $migration->executeMigration();
    ob_end_clean();
    // Else the host goes on with its list of before, and keeps none of our rights that are ticked in a profile.
    ProfileRight::cleanAllPossibleRights();
    plugin_callmanager_renew_session();
    return true;
}

/** The predecessor gave its rights to nobody: a right that no profile holds goes to those who may configure the host. */
function plugin_callmanager_keep_reachable($name, $bits)
{
    global $DB;

    $admins = [];
    foreach ($DB->request(['FROM' => 'glpi_profilerights', 'WHERE' => ['name' => [$name, 'config']]]) as $row) {
        if ($row['name'] === $name && $row['rights'] > 0) {
            return;
        }
        if ($row['name'] === 'config' && ($row['rights'] & UPDATE) === UPDATE) {
            $admins[] = $row['profiles_id'];
        }
    }
    if ($admins !== []) {
        $DB->update('glpi_profilerights', ['rights' => $bits], ['name' => $name, 'profiles_id' => $admins]);
    }
}

/** Whoever installs sees the menus at once: a session knows the rights and menus of when it began. */
function plugin_callmanager_renew_session()
{
    if (isset($_SESSION['glpiactiveprofile']['id'])) {
        $rights = ProfileRight::getProfileRights(
            $_SESSION['glpiactiveprofile']['id'],
            array_keys(plugin_callmanager_rights())
        );
        $_SESSION['glpiactiveprofile'] = array_merge($_SESSION['glpiactiveprofile'], $rights);
    }
    unset($_SESSION['glpimenu']);
}

/** Keeps everything for the day it is installed again, unless the page of the plugin says to remove it. */
function plugin_callmanager_uninstall()
{
    global $DB;

    $values = Config::getConfigurationValues('plugin:callmanager', ['uninstall_removes_data']);
    if (($values['uninstall_removes_data'] ?? '0') !== '1') {
        return true;
    }
    foreach ($DB->listTables('glpi\_plugin\_callmanager\_%') as $table) {
        $DB->query('DROP TABLE ' . $DB->quoteName($table['TABLE_NAME']));
    }
    ProfileRight::deleteProfileRights(array_keys(plugin_callmanager_rights()));
    Config::deleteConfigurationValues('plugin:callmanager', ['uninstall_removes_data']);
    return true;
}

/** A RIO and the identifiers of somebody who has been purged are personal data that nobody needs. */
function plugin_callmanager_forget_user(CommonDBTM $user)
{
    global $DB;

    foreach (['glpi_plugin_callmanager_users', 'glpi_plugin_callmanager_identifiers'] as $table) {
        if ($DB->tableExists($table)) {
            $DB->delete($table, ['users_id' => $user->getID()]);
        }
    }
}
