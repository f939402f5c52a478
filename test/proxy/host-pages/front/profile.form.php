<?php

include '../inc/includes.php';

if (isset($_POST['update'])) {
    (new Profile())->update($_POST);
    Html::back();
}

Html::header('Profile');
Html::tabs(new Profile((int) $_GET['id']), 'PluginCallmanagerProfile');
Html::footer();
