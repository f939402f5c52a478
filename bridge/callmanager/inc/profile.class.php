<?php

// Asked for by its own address it would end in an error that shows its path.
defined('GLPI_ROOT') || exit;

/** The tab Call Manager of a profile: the two rights, in the host's own matrix and saved by the host's own form. */
class PluginCallmanagerProfile extends CommonGLPI
{
    /** The rights work in the central interface alone. */
    public function getTabNameForItem(CommonGLPI $item, $withtemplate = 0)
    {
        return self::isShown($item) ? 'Call Manager' : '';
    }

    public static function displayTabContentForItem(CommonGLPI $item, $tabnum = 1, $withtemplate = 0)
    {
        if (!self::isShown($item)) {
            return false;
        }
        $canedit = Session::haveRight('profile', UPDATE);
        if ($canedit) {
            echo '<form method="post" action="' . PluginCallmanagerElement::escaped(Profile::getFormURL()) . '">';
        }
        $profile = new Profile();
        $profile->getFromDB($item->getID());
        $profile->displayRightsChoiceMatrix(self::matrix(), [
            'canedit' => $canedit,
            'default_class' => 'tab_bg_2',
            'title' => 'Call Manager',
        ]);
        if ($canedit) {
            echo '<div class="center">';
            echo Html::hidden('id', ['value' => $item->getID()]);
            echo Html::submit(_sx('button', 'Save'), ['name' => 'update']);
            echo '</div>';
            // With the host's token against forged requests.
            Html::closeForm();
        }
        return true;
    }

    private static function isShown(CommonGLPI $item)
    {
        return $item instanceof Profile
            && !$item->isNewItem()
            && $item->fields['interface'] !== 'helpdesk'
            && Session::haveRight('profile', READ);
    }

    /** The rows of the host's matrix. */
    private static function matrix()
    {
        return [
            [
                'rights' => [UPDATE => __('Update')],
                'label' => __('Config update', 'callmanager'),
                'field' => 'plugin_callmanager_config',
            ],
            [
                'rights' => [READ => __('Read'), UPDATE => __('Write')],
                'label' => __('Access to CallManager API/UI', 'callmanager'),
                'field' => 'plugin_callmanager_access',
            ],
        ];
    }
}
