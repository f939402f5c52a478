<?php

// Asked for by its own address it would end in an error that shows its path.
defined('GLPI_ROOT') || exit;

/** Assistance › Call Manager. */
class PluginCallmanagerDesk extends CommonGLPI
{
    public static $rightname = 'plugin_callmanager_access';

    public static function getTypeName($nb = 0)
    {
        return 'Call Manager';
    }

    /** What the host's menu shows; the host puts its own sub-directory before the page. */
    public static function getMenuContent()
    {
        if (!Session::haveRight(self::$rightname, READ)) {
            return false;
        }
        return [
            'title' => self::getTypeName(),
            'page' => '/plugins/callmanager/front/callmanager.php',
            'icon' => 'fas fa-phone',
        ];
    }
}
