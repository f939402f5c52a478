<?php

include '../../../inc/includes.php';

// Right and state are checked before anything is shown: the host checks neither for a plugin's pages.
Session::checkRight('plugin_callmanager_access', READ);
if (!(new Plugin())->isActivated('callmanager')) {
    Html::displayNotFoundError();
}

Html::header('Call Manager', $_SERVER['PHP_SELF'], 'helpdesk', 'PluginCallmanagerDesk');
PluginCallmanagerElement::show('callmanager-desk', [
    'rio' => PluginCallmanagerElement::asked('rio'),
    'phone' => PluginCallmanagerElement::asked('phone'),
]);
Html::footer();
