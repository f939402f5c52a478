<?php

include '../inc/includes.php';

$item = $_GET['_itemtype'] === 'User' ? new User((int) $_GET['id']) : new Profile((int) $_GET['id']);
$class = explode('$', $_GET['_glpi_tab'])[0];
if ($class === 'main') {
    echo '<p>Nothing but a name.</p>';
} else {
    $class::displayTabContentForItem($item);
}
