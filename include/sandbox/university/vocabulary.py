"""The words of the invented university: composantes, subjects, titles of elements, names of people."""

from typing import NamedTuple

COMPOSANTES = {
    "SCIENCES": "UFR des sciences",
    "DROIT": "UFR de droit et sciences politiques",
    "HUMANITES": "UFR humanités et sciences sociales",
    "ECOGEST": "UFR de sciences économiques et gestion",
    "LANGUES": "UFR de langues vivantes étrangères",
    "SANTE": "UFR santé",
    "PSYCHO": "UFR de psychologie",
    "STAPS": "UFR des sciences et techniques des activités physiques et sportives",
}


class Subject(NamedTuple):
    """A subject: its letters in codes (L1MAT101, LMATH1_1), its name, its composante, its titles."""

    mnemonic: str
    name: str
    composante: str
    titles: tuple[str, ...]


_SUBJECTS = """
MATH|mathématiques|SCIENCES|algèbre linéaire;analyse réelle;probabilités;arithmétique;géométrie;équations différentielles;calcul scientifique;histoire des mathématiques
DROI|droit|DROIT|droit constitutionnel;droit civil;droit pénal;institutions administratives;droit des obligations;histoire du droit;droit de l'Union européenne;relations internationales
HIST|histoire|HUMANITES|histoire ancienne;histoire médiévale;histoire moderne;histoire contemporaine;historiographie;paléographie;histoire de l'art;archives et sources
INFO|informatique|SCIENCES|programmation;bases de données;réseaux;systèmes d'exploitation;algorithmique;théorie des langages;génie logiciel;projet tutoré
PHYS|physique|SCIENCES|mécanique;électromagnétisme;optique;thermodynamique;physique quantique;instrumentation;ondes;astrophysique
ECON|économie|ECOGEST|microéconomie;macroéconomie;statistiques;économie publique;histoire de la pensée économique;monnaie et finance;économétrie;économie du travail
GEOG|géographie|HUMANITES|géographie humaine;climatologie;cartographie;géographie urbaine;géomorphologie;aménagement du territoire;littoraux;géomatique
CHIM|chimie|SCIENCES|chimie générale;chimie organique;chimie minérale;cinétique;spectroscopie;sécurité au laboratoire;polymères;électrochimie
LETT|lettres modernes|HUMANITES|littérature du XVIIe siècle;poésie;stylistique;ancien français;littérature comparée;théâtre;grammaire;roman contemporain
PSYC|psychologie|PSYCHO|psychologie sociale;psychologie clinique;neurosciences;psychologie du développement;méthodes d'enquête;psychométrie;ergonomie;psychologie cognitive
SOCI|sociologie|HUMANITES|sociologie générale;enquête de terrain;démographie;sociologie du travail;ethnologie;sociologie politique;statistique sociale;genre et société
BIOL|biologie|SCIENCES|biologie cellulaire;génétique;écologie;physiologie végétale;microbiologie;biochimie;zoologie;évolution
ANGL|anglais|LANGUES|thème;version;civilisation britannique;civilisation américaine;littérature anglaise;phonétique;linguistique;expression orale
MGTM|management|ECOGEST|comptabilité;marketing;gestion des ressources humaines;contrôle de gestion;stratégie;fiscalité;entrepreneuriat;logistique
ESPA|espagnol|LANGUES|civilisation espagnole;civilisation hispano-américaine;littérature du Siècle d'or;traduction;langue orale;histoire de la langue;cinéma hispanique;commentaire de texte
ALLE|allemand|LANGUES|civilisation allemande;littérature allemande;traduction;langue écrite;histoire des idées;presse germanophone;phonétique;Autriche et Suisse
STAP|sciences du sport|STAPS|anatomie;biomécanique;pratique sportive;physiologie de l'effort;histoire du sport;entraînement;pédagogie;activité physique adaptée
ARCH|archéologie|HUMANITES|préhistoire;archéologie antique;archéologie médiévale;méthodes de fouille;céramologie;archéométrie;patrimoine;dessin archéologique
TERR|sciences de la Terre|SCIENCES|pétrologie;tectonique;sédimentologie;paléontologie;hydrogéologie;géophysique;cartographie géologique;volcanologie
MUSI|musicologie|HUMANITES|analyse musicale;harmonie;histoire de la musique;acoustique;ethnomusicologie;pratique vocale;écriture;musique et image
EDUC|sciences de l'éducation|HUMANITES|philosophie de l'éducation;pédagogies nouvelles;didactique;sociologie de l'école;politiques éducatives;apprentissages;numérique éducatif;stage
ELEC|électronique|SCIENCES|circuits;traitement du signal;automatique;microcontrôleurs;électronique de puissance;capteurs;télécommunications;conception assistée
NUTR|nutrition|SANTE|biochimie des aliments;diététique;santé publique;physiologie digestive;sécurité alimentaire;épidémiologie;comportement alimentaire;toxicologie
AESO|administration économique et sociale|ECOGEST|droit social;comptabilité publique;finances publiques;science politique;économie régionale;gestion de projet;démographie;protection sociale
"""  # noqa: E501

SUBJECTS = tuple(
    Subject(mnemonic, name, composante, tuple(titles.split(";")))
    for mnemonic, name, composante, titles in (line.split("|") for line in _SUBJECTS.strip().splitlines())
)
"""Their first two letters are unique, so that a parcours can be told by a third character (MA2)."""

LEVELS = {"L1": "", "L2": " 2", "L3": " 3", "M1": " : approfondissement", "M2": " : séminaire"}
"""The year of study and what it adds to the title of an element."""

_GIVEN_NAMES = """
Adèle Agathe Aïcha Alice Amandine Amine Anaïs Antoine Arthur Aurélie Axel Baptiste Benoît Camille Célia
Charlotte Chloé Clémence Clément Corentin Damien Élodie Éloïse Émile Emma Enzo Étienne Eva Fatou Florian
Gabriel Gaël Hélène Hugo Inès Jade Jean-Noël Jeanne Jérôme Joséphine Jules Juliette Kévin Léa Léo Louane
Louise Lucas Maëlle Malo Manon Marie-Ange Mathéo Maxime Mehdi Mélanie Mohamed Naïm Nathan Nina Noémie
Océane Paul Pauline Quentin Rachid Raphaël Romane Sacha Salomé Sarah Simon Sofia Théo Thomas Tiago
Valentin Victoire Yanis Yasmine Zoé
"""

_FAMILY_NAMES = """
Aubert, Auvray, Bailleul, Barbey, Béziers, Blanchard, Boisgontier, Bouvier, Brière, Cauchois, Chauvin,
Chevalier, Clément, Cœurdevey, Da Silva, Dubois, Ducastel, Dufour, Duval, Enault, Fontaine, Foucher,
Fournier, Garnier, Gautier, Germain, Girard, Gosselin, Guérin, Hamel, Hébert, Heurtevent, Huet, Jeanne,
Joly, Lachèvre, Lacroix, Lambert, Langlois, Le Bihan, Le Goff, Lebreton, Lecœur, Lefèvre, Lemaître,
Lemonnier, Leroux, Letellier, Lévêque, L'Hermitte, Mahé, Marie, Marie-Luce, Martin, Mercier, Moreau,
N'Diaye, Nguyễn, Nicolas, Noël, O'Connor, Öztürk, Paris, Pasquier, Perrier, Picard, Poirier, Quesnel,
Rault, Renault, Rivière, Robin, Roussel, Saint-Martin, Samson, Sanchez, Simon, Thomas, Traoré, Vallée,
Vasseur, Vautier, Yildiz, d'Hérouville, de La Rue
"""

GIVEN_NAMES = tuple(_GIVEN_NAMES.split())
FAMILY_NAMES = tuple(name.strip() for name in _FAMILY_NAMES.split(","))
