//! The page. Paints what a session says, and tells it what the visitor does.

mod acts;
mod app;
mod dock;
mod frames;
mod i18n;
mod intent;
mod preferences;
mod side;
mod stage;
mod topbar;

fn main() {
    yew::Renderer::<app::App>::new().render();
}
