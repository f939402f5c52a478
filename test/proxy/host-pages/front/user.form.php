<?php

include '../inc/includes.php';

Html::header('User');
Html::tabs(new User((int) $_GET['id']), 'PluginCallmanagerUsertab');
Html::footer();
