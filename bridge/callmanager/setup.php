<?php

/**
 * Call Manager in ITSM-NG's own menus: the part that the host loads. It shows pages and tabs, registers the rights and
 * forgets who is purged; all else is done by the server beside the host. Plain PHP, from 7.4 on.
 */

/** Of the release that this folder came with; the server says when its own is another. */
define('PLUGIN_CALLMANAGER_VERSION', '2.0.0');

/** What the list of plugins shows. The host compares the version with that of the last installation and offers Update. */
function plugin_version_callmanager()
{
    return [
        'name' => 'Call Manager Plugin',
        'version' => PLUGIN_CALLMANAGER_VERSION,
        'author' => 'Call Manager contributors',
        'license' => 'GPL-3.0-or-later',
        'homepage' => 'https://github.com/itsmng/callmanager',
        'requirements' => ['glpi' => ['min' => '9.5'], 'php' => ['min' => '7.4']],
    ];
}

/** Runs in every request of everybody, so that it asks nothing of the database. */
function plugin_init_callmanager()
{
    global $PLUGIN_HOOKS;

    $PLUGIN_HOOKS['csrf_compliant']['callmanager'] = true;
    // Also for who purges without a session: a cron task, or the console.
    $PLUGIN_HOOKS['item_purge']['callmanager'] = ['User' => 'plugin_callmanager_forget_user'];

    Plugin::registerClass('PluginCallmanagerUsertab', ['addtabon' => ['User']]);
    Plugin::registerClass('PluginCallmanagerProfile', ['addtabon' => ['Profile']]);
    if (Session::haveRight('plugin_callmanager_access', READ)) {
        $PLUGIN_HOOKS['menu_toadd']['callmanager'] = ['helpdesk' => 'PluginCallmanagerDesk'];
    }
    if (Session::haveRight('plugin_callmanager_config', UPDATE)) {
        $PLUGIN_HOOKS['config_page']['callmanager'] = 'front/config.form.php';
    }
}

/** Asked by the host before it installs or activates; older hosts do not read `requirements`. */
function plugin_callmanager_check_prerequisites()
{
    if (version_compare(PHP_VERSION, '7.4', '<')) {
        echo __('Call Manager needs PHP 7.4 or later.', 'callmanager');
        return false;
    }
    // ITSM-NG 1.0 says of itself that it is a GLPI 9.5.
    if (version_compare(GLPI_VERSION, '9.5', '<')) {
        echo __('Call Manager needs ITSM-NG 1.0 or GLPI 9.5, or later.', 'callmanager');
        return false;
    }
    return true;
}

/** Asked at each look at the plugin's state: pages without the server beside them would only show that it is missing. */
function plugin_callmanager_check_config($verbose = false)
{
    global $DB;

    if ($DB->tableExists('glpi_plugin_callmanager_index')) {
        return true;
    }
    if ($verbose) {
        echo __('Start or restart the Call Manager server of this helpdesk (docs/install.md).', 'callmanager');
    }
    return false;
}
