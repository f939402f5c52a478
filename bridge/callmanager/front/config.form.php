<?php

include '../../../inc/includes.php';

Session::checkRight('plugin_callmanager_config', UPDATE);
if (!(new Plugin())->isActivated('callmanager')) {
    Html::displayNotFoundError();
}

// The host has compared the token of the form before it came here.
if (isset($_POST['update'])) {
    $removes = ($_POST['uninstall_removes_data'] ?? '0') === '1' ? '1' : '0';
    Config::setConfigurationValues('plugin:callmanager', ['uninstall_removes_data' => $removes]);
    Html::back();
}

Html::header('Call Manager', $_SERVER['PHP_SELF'], 'config', 'plugin');
PluginCallmanagerElement::show('callmanager-settings');

$values = Config::getConfigurationValues('plugin:callmanager', ['uninstall_removes_data']);
$checked = ($values['uninstall_removes_data'] ?? '0') === '1' ? ' checked' : '';
$label = __('Uninstalling the plugin removes every RIO, the settings and the journal', 'callmanager');
echo '<form method="post" action="' . PluginCallmanagerElement::escaped($_SERVER['PHP_SELF']) . '"><div class="center">';
echo '<label><input type="checkbox" name="uninstall_removes_data" value="1"' . $checked . '> ';
echo PluginCallmanagerElement::escaped($label) . '</label> ';
echo Html::submit(_sx('button', 'Save'), ['name' => 'update']);
echo '</div>';
Html::closeForm();
Html::footer();
