<?php

/** Prints one of the custom elements that the server's script brings to life, and what stands in its place until then. */
class PluginCallmanagerElement
{
    /** `$attributes` come from anywhere, users included. */
    public static function show($tag, array $attributes = [])
    {
        global $CFG_GLPI;

        $root = $CFG_GLPI['root_doc'];
        // Where the proxy leads to the server, wherever the host keeps this folder.
        $base = $root . '/plugins/callmanager';
        $attributes += [
            'base' => $base,
            'root' => $root,
            'login' => 'host',
            'lang' => substr($_SESSION['glpilanguage'] ?? 'en_GB', 0, 2),
            'bridge-version' => PLUGIN_CALLMANAGER_VERSION,
        ];
        echo '<' . $tag;
        foreach ($attributes as $name => $value) {
            echo ' ' . $name . '="' . self::escaped($value) . '"';
        }
        $waiting = __(
            'Call Manager is loading. If this message stays, its server does not answer: reload the page in a moment.',
            'callmanager'
        );
        echo '>' . self::escaped($waiting) . '</' . $tag . ">\n";
        echo '<script type="module" src="' . self::escaped($base . '/app/elements.js') . '"></script>' . "\n";
    }

    /** As the browser sent it: the host rewrites `$_GET`, each version in its own way. */
    public static function asked($name)
    {
        $pattern = '/(?:^|&)' . preg_quote($name, '/') . '=([^&]*)/';
        return preg_match($pattern, $_SERVER['QUERY_STRING'] ?? '', $found) ? urldecode($found[1]) : '';
    }

    /** For HTML, between double quotes too. */
    public static function escaped($text)
    {
        return htmlspecialchars((string) $text, ENT_QUOTES | ENT_SUBSTITUTE, 'UTF-8');
    }
}
