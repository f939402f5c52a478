<?php

include '../inc/includes.php';

Html::header('Central');
Html::footer();
