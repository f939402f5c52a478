<?php

/** What the host's pages are made of, in the classes of the line that `$asked['look']` names. */
class Html
{
    public static function header($title, $url = '', $sector = 'none', $item = 'none')
    {
        global $CFG_GLPI, $PLUGIN_HOOKS, $asked;

        $root = $CFG_GLPI['root_doc'];
        $language = substr($asked['language'], 0, 2);
        $menu = "<li><a href='$root/front/central.php'>ITSM-NG</a></li>";
        foreach ($PLUGIN_HOOKS['menu_toadd'] ?? [] as $sectors) {
            foreach ($sectors as $class) {
                $content = $class::getMenuContent();
                $menu .= "<li><a href='$root{$content['page']}'>{$content['title']}</a></li>";
            }
        }
        foreach ($PLUGIN_HOOKS['config_page'] ?? [] as $plugin => $page) {
            $menu .= "<li><a href='$root/plugins/$plugin/$page'>Plugins</a></li>";
        }
        echo "<!doctype html><html lang='$language'><head><meta charset='utf-8'><title>ITSM-NG - $title</title>
<meta name='viewport' content='width=device-width, initial-scale=1'>
<link rel='stylesheet' href='$root/css/{$asked['look']}.css'>
<script src='$root/js/jquery.js'></script><script src='$root/js/tabs.js'></script></head>
<body><header id='header'><ul id='menu'>$menu</ul></header><div class='main-container'><main id='page' class='container-fluid'>\n";
    }

    /** With one of each thing that styles are made for. */
    public static function footer()
    {
        $button = self::submit('Search', ['name' => 'search']);
        echo "<div id='sample' class='card'><h2>Tickets</h2><p>Those of today.</p><ul><li>None</li></ul>
<table class='tab_cadre_fixe table'><tr><th>Title</th><th>Status</th></tr><tr class='tab_bg_1'><td>None</td><td><a href='#'>New</a></td></tr></table>
<form><label for='words'>Words</label> <input type='text' id='words' class='form-control'>
<select class='form-select' title='Status'><option>New</option></select> $button <button type='button'>Reset</button></form></div>
</main></div></body></html>\n";
    }

    public static function hidden($name, array $options)
    {
        return "<input type='hidden' name='$name' value='{$options['value']}'>";
    }

    public static function submit($label, array $options)
    {
        global $asked;
        return $asked['look'] === '2.x'
            ? "<button type='submit' class='btn btn-primary' name='{$options['name']}' value='1'>$label</button>"
            : "<input type='submit' class='submit' name='{$options['name']}' value='$label'>";
    }

    public static function closeForm()
    {
        echo self::hidden('_glpi_csrf_token', ['value' => csrf_token()]) . '</form>';
    }

    public static function back()
    {
        header("Location: {$_SERVER['HTTP_REFERER']}");
        exit;
    }

    public static function displayNotFoundError()
    {
        http_response_code(404);
        exit('Item not found');
    }

    /** A page with tabs that a script loads, each by its own address. */
    public static function tabs(CommonGLPI $item, $class)
    {
        global $CFG_GLPI;

        $type = get_class($item);
        echo "<div id='tabs' class='center'><ul class='nav nav-tabs'>";
        foreach (['main' => $type, "$class$1" => (new $class())->getTabNameForItem($item)] as $tab => $title) {
            $query = http_build_query(['_itemtype' => $type, '_glpi_tab' => $tab, 'id' => $item->getID()]);
            echo "<li class='nav-item'><a class='nav-link' href='{$CFG_GLPI['root_doc']}/ajax/common.tabs.php?$query'>$title</a></li>";
        }
        echo "</ul><div class='panel'></div><div class='panel'></div></div>\n";
    }
}

class Profile extends CommonDBTM
{
    public function __construct($id = 0)
    {
        parent::__construct($id, ['interface' => 'central']);
    }

    /** A box for each right, in the names that the host's own form sends them by. */
    public function displayRightsChoiceMatrix(array $rights, array $options)
    {
        global $DB;
        $held = array_column($DB->tables['glpi_profilerights'] ?? [], 'rights', 'name');
        echo "<table class='tab_cadre_fixehov table'><tr><th colspan='3'>{$options['title']}</th></tr>";
        foreach ($rights as ['rights' => $bits, 'label' => $label, 'field' => $field]) {
            echo "<tr class='{$options['default_class']}'><td>$label</td>";
            foreach ($bits as $bit => $title) {
                $checked = (($held[$field] ?? 0) & $bit) === $bit ? 'checked' : '';
                $disabled = $options['canedit'] ? '' : 'disabled';
                echo "<td><label><input type='checkbox' name='_{$field}[{$bit}_0]' value='1' $checked $disabled> $title</label></td>";
            }
            echo '</tr>';
        }
        echo '</table>';
    }

    /** Keeps the boxes that were ticked. */
    public function update(array $sent)
    {
        global $DB;
        foreach (['plugin_callmanager_access', 'plugin_callmanager_config'] as $name) {
            ProfileRight::deleteProfileRights([$name]);
            $rights = array_sum(array_map('intval', array_keys($sent["_$name"] ?? [])));
            $DB->insert('glpi_profilerights', ['profiles_id' => $sent['id'], 'name' => $name, 'rights' => $rights]);
        }
    }
}
